using System.CommandLine;
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
        var (server, cluster) = (new ServerOptions(), new ClusterList());
        var json = new Option<bool>("--json") { Description = "One JSON object on standard output, and nothing else; of a cluster, of the form of GET /v1/experiments of the API." };
        var command = new Command("ls", "Lists the runs, the last one started at the end.") { runs, json };
        server.AddTo(command);
        cluster.AddTo(command);
        command.SetAction((parsed, cancel) =>
        {
            if (server.IsMeant(parsed, runs))
                return server.RunAsync(parsed, client => cluster.ShowAsync(client, parsed, parsed.GetValue(json), cancel));
            cluster.ExpectNone(parsed);
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
}
