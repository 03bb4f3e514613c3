using System.CommandLine;
using Asha.Cluster.Api;
using Asha.Cluster.Client;
using Asha.Host.Runs;
using Asha.Tuning;
using Asha.Tuning.Runs;

namespace Asha.Host.Cli;

/// <summary><c>asha ls</c>: the runs below a folder.</summary>
internal static class ListCommand
{
    public static Command Create()
    {
        var runs = TuneCommand.RunsOption();
        var server = new ServerOptions();
        var json = new Option<bool>("--json") { Description = "One JSON object on standard output, and nothing else; of a cluster, what GET /v1/experiments of the API says." };
        var command = new Command("ls", "Lists the runs, the last one started at the end.") { runs, json };
        server.AddTo(command);
        command.SetAction((parsed, cancel) =>
        {
            if (server.IsMeant(parsed, runs))
                return server.RunAsync(parsed, client => ListAsync(client, parsed.GetValue(json), cancel));
            var root = parsed.GetRequiredValue(runs);
            if (File.Exists(root))
                throw new UserErrorException($"{root}: this is a file, not a folder of runs");
            RunListing[] listed = [.. RunFolder.All(root).Select(RunListing.Of).OrderBy(run => run.StartedAt).ThenBy(run => run.Run, StringComparer.Ordinal)];
            if (parsed.GetValue(json))
                Console.Out.WriteLine(new RunListings(listed).ToJson());
            else if (listed.Length == 0)
                Console.Error.WriteLine($"asha: no runs in {root}");
            else
                Show(listed);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static void Show(IEnumerable<RunListing> listed)
    {
        var table = Output.Table("run", "started", "lasted", "trials", "jobs", "best", "outcome");
        foreach (var run in listed)
        {
            if (run.Problem is { } problem)
                table.Row(run.Run, "", "", "", "", "", problem);
            else
                table.Row(run.Run, $"{run.StartedAt:yyyy-MM-dd HH:mm:ss}", Output.Duration(TimeSpan.FromSeconds(run.Seconds!.Value)), $"{run.Trials}", $"{run.Jobs}", run.Best is { } best ? Output.Number(best) : "", run.Outcome ?? (run.Running == true ? "running" : "broken off"));
        }
        Output.To(Console.Out).Write(table);
    }

    /// <summary>The experiments of a cluster.</summary>
    private static async Task<int> ListAsync(AshaClient client, bool json, CancellationToken cancel)
    {
        if (json)
        {
            Console.Out.WriteLine(await client.ListTextAsync(cancel));
            return ExitCode.Done;
        }
        var table = Output.Table("run", "submitted", "lasted", "trials", "jobs", "best", "weight", "coordinator", "outcome");
        foreach (var run in (await client.ListAsync(cancel)).Experiments)
        {
            table.Row(run.Run, run.SubmittedAt.ToString("yyyy-MM-dd HH:mm:ss"), run.Seconds is { } seconds ? Output.Duration(TimeSpan.FromSeconds(seconds)) : "", $"{run.Trials}", $"{run.Jobs}", run.Best is { } best ? Output.Number(best) : "",
                run.Priority == 0 ? $"{run.Weight}" : $"{run.Weight} (priority {run.Priority})", run.Coordinator ?? "", StateOf(run));
        }
        if (table.Rows.Count == 0)
            Console.Error.WriteLine("asha: no experiment was submitted yet");
        else
            Output.To(Console.Out).Write(table);
        return ExitCode.Done;
    }

    private static string StateOf(ExperimentAnswer run) => (run.Phase, run.Problem) switch
    {
        (_, { } problem) => $"its engine failed, and is started again: {problem}",
        ("open", _) when run.Shortage is { } shortage => $"waiting for a slot: {shortage}",
        ("open", _) => run.Seconds is null ? "starting" : run.Jobs == 0 ? "waiting for a slot" : "running",
        ("ending", _) => $"being ended ({run.Outcome})",
        _ => run.Outcome ?? run.Phase,
    };
}
