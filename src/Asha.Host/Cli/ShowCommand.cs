using System.CommandLine;
using Asha.Actors.Persistence;
using Asha.Cluster.Client;
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
        var server = new ServerOptions();
        options.AddTo(command);
        server.AddTo(command);
        command.SetAction((parsed, cancel) =>
        {
            if (server.IsMeant(parsed, options.Runs))
                return server.RunAsync(parsed, client => ShowAsync(client, options.Name(parsed), options.Json(parsed), cancel));
            var folder = options.Open(parsed);
            var record = folder.ReadRecord(RunOptions.NewRecord());
            if (options.Json(parsed))
                Console.Out.WriteLine(RunSummary.Of(record).ToJson());
            else
                RunReport.Write(record, Output.To(Console.Out), folder.SinceStart(record), folder.BestCheckpoint(record), hasLogs: Directory.Exists(System.IO.Path.Combine(folder.Path, "logs")));
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    /// <summary>A run of a cluster, folded from its events as one of this machine.</summary>
    public static async Task<RunRecord> FetchAsync(AshaClient client, string run, CancellationToken cancel)
    {
        var record = RunOptions.NewRecord();
        foreach (var happened in EventLines.ReadIntact(await client.EventsAsync(run, cancel)))
            record.Apply(happened);
        return record;
    }

    /// <summary>The report on a run of a cluster: its logs and checkpoints are with the nodes.</summary>
    public static void Write(RunRecord record, TextWriter to)
        => RunReport.Write(record, Output.To(to), record.State.Ended is null ? DateTimeOffset.UtcNow - record.State.Engine.Origin.StartedAt + record.State.Engine.Time : null, hasLogs: false);

    private static async Task<int> ShowAsync(AshaClient client, string run, bool json, CancellationToken cancel)
    {
        if (json)
            Console.Out.WriteLine(await client.SummaryAsync(run, cancel));
        else if (await FetchAsync(client, run, cancel) is { State.Spec: not null } record)
        {
            Write(record, Console.Out);
            if (record.State.Ended is null && (await client.ListAsync(cancel)).Experiments.FirstOrDefault(listed => listed.Run == run)?.Shortage is { } shortage)
                Console.Out.WriteLine(Output.Clean($"waiting for a slot: {shortage}"));
        }
        else
            Console.Out.WriteLine($"{run}: it has not begun yet");
        return ExitCode.Done;
    }
}

/// <summary>A run's folder and <c>--json</c>, as <c>show</c> and <c>best</c> take them.</summary>
/// <param name="json">Whether there is <c>--json</c>.</param>
internal sealed class RunOptions(bool json = true)
{
    private readonly Argument<string> _folder = PathArgument.Create("dir", "The run's folder, or its name below --runs.");
    private readonly Option<bool> _json = new("--json") { Description = "One JSON object on standard output, and nothing else." };

    /// <summary>Where runs of this machine are.</summary>
    public Option<string> Runs { get; } = TuneCommand.RunsOption();

    /// <summary>The run as it was given.</summary>
    public string Name(ParseResult parsed) => parsed.GetRequiredValue(_folder);

    /// <summary>A record that keeps what the report shows.</summary>
    public static RunRecord NewRecord() => new() { Curves = new(), Standings = new() };

    public void AddTo(Command command)
    {
        command.Arguments.Add(_folder);
        command.Options.Add(Runs);
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
    public RunFolder Find(ParseResult parsed) => RunFolder.Open(parsed.GetRequiredValue(_folder), parsed.GetRequiredValue(Runs));
}
