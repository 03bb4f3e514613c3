using System.CommandLine;
using Asha.Core.Experiments;
using Asha.Host.Runs;
using Asha.Tuning.Runs;

namespace Asha.Host.Cli;

/// <summary><c>asha show DIR</c>: what a run did, from its events.</summary>
internal static class ShowCommand
{
    public static Command Create()
    {
        var command = new Command("show", "Shows what a run did, or how far it is.");
        var options = new RunOptions();
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            var folder = options.Open(parsed);
            var record = folder.ReadRecord(RunOptions.NewRecord());
            if (options.Json(parsed))
                Console.Out.WriteLine(RunSummary.Of(record).ToJson());
            else
                RunReport.Write(record, Output.To(Console.Out), folder.SinceStart(record), folder.BestCheckpoint(record), hasLogs: Directory.Exists(System.IO.Path.Combine(folder.Path, "logs")));
            return ExitCode.Done;
        });
        return command;
    }
}

/// <summary>A run's folder and <c>--json</c>, as <c>show</c> and <c>best</c> take them.</summary>
/// <param name="json">Whether there is <c>--json</c>.</param>
internal sealed class RunOptions(bool json = true)
{
    private readonly Argument<string> _folder = PathArgument.Create("dir", "The run's folder, or its name below --runs.");
    private readonly Option<bool> _json = new("--json") { Description = "One JSON object on standard output, and nothing else." };

    private readonly Option<string> _runs = TuneCommand.RunsOption();

    /// <summary>A record that keeps what the report shows.</summary>
    public static RunRecord NewRecord() => new() { Curves = new(), Standings = new() };

    public void AddTo(Command command)
    {
        command.Arguments.Add(_folder);
        command.Options.Add(_runs);
        if (json)
            command.Options.Add(_json);
    }

    public bool Json(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>Opens the folder, and ends what an Asha that was killed left running in it.</summary>
    public RunFolder Open(ParseResult parsed)
    {
        var folder = Find(parsed);
        folder.EndOrphans(Console.Error);
        return folder;
    }

    /// <summary>Opens the folder, and leaves everything as it is.</summary>
    public RunFolder Find(ParseResult parsed) => RunFolder.Open(parsed.GetRequiredValue(_folder), parsed.GetRequiredValue(_runs));
}
