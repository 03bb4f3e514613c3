using System.CommandLine;
using Asha.Actors.Persistence;
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
        var command = new Command("ls", "Lists the runs, the last one started at the end.") { runs };
        server.AddTo(command);
        command.SetAction((parsed, cancel) =>
        {
            if (server.IsMeant(parsed, runs))
                return server.RunAsync(parsed, client => ListAsync(client, cancel));
            var root = parsed.GetRequiredValue(runs);
            if (File.Exists(root))
                throw new UserErrorException($"{root}: this is a file, not a folder of runs");
            var table = Output.Table("run", "started", "lasted", "trials", "jobs", "best", "outcome");
            foreach (var row in RunFolder.All(root).Select(Row).OrderBy(row => row.StartedAt).ThenBy(row => row.Cells[0], StringComparer.Ordinal))
                table.Row(row.Cells);
            if (table.Rows.Count == 0)
                Console.Error.WriteLine($"asha: no runs in {root}");
            else
                Output.To(Console.Out).Write(table);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    /// <summary>The experiments of a cluster.</summary>
    private static async Task<int> ListAsync(AshaClient client, CancellationToken cancel)
    {
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

    /// <summary>What cannot be read has no time, and comes first.</summary>
    private static (DateTimeOffset StartedAt, string[] Cells) Row(RunFolder folder)
    {
        folder.EndOrphans(Console.Error);
        try
        {
            var record = folder.ReadRecord();
            var summary = RunSummary.Of(record);
            var running = folder.SinceStart(record);
            var started = record.State.Origin.StartedAt;
            return (started, [folder.Name, started.ToString("yyyy-MM-dd HH:mm:ss"), Output.Duration(running ?? record.State.Time), $"{summary.Trials}", $"{summary.Jobs}",
                summary.Best is { } best ? Output.Number(best.Metric) : "", summary.Outcome ?? (running is null ? "broken off" : "running")]);
        }
        catch (Exception error) when (error is UserErrorException or UnknownFormatException)
        {
            return (default, [folder.Name, "", "", "", "", "", Output.Clean(error.Message)]);
        }
    }
}
