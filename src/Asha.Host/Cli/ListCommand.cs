using System.CommandLine;
using Asha.Actors.Persistence;
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
        var command = new Command("ls", "Lists the runs.") { runs };
        command.SetAction(parsed =>
        {
            var root = parsed.GetRequiredValue(runs);
            if (File.Exists(root))
                throw new UserErrorException($"{root}: this is a file, not a folder of runs");
            var table = Output.Table("run", "started", "lasted", "trials", "jobs", "best", "outcome");
            foreach (var folder in RunFolder.All(root))
                AddRow(table, folder);
            if (table.Rows.Count == 0)
                Console.Error.WriteLine($"asha: no runs in {root}");
            else
                Output.To(Console.Out).Write(table);
            return ExitCode.Done;
        });
        return command;
    }

    private static void AddRow(Spectre.Console.Table table, RunFolder folder)
    {
        folder.EndOrphans(Console.Error);
        try
        {
            var record = folder.ReadRecord();
            var summary = RunSummary.Of(record);
            var running = folder.SinceStart(record);
            table.Row(folder.Name, record.State.Origin.StartedAt.ToString("yyyy-MM-dd HH:mm:ss"), Output.Duration(running ?? record.State.Time), $"{summary.Trials}", $"{summary.Jobs}",
                summary.Best is { } best ? Output.Number(best.Metric) : "", summary.Outcome ?? (running is null ? "broken off" : "running"));
        }
        catch (Exception error) when (error is UserErrorException or UnknownFormatException)
        {
            table.Row(folder.Name, "", "", "", "", "", Output.Clean(error.Message));
        }
    }
}
