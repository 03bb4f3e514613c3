using System.CommandLine;
using Asha.Cluster.Client;
using Asha.Core.Experiments;
using Asha.Host.Tuning;
using Asha.Tuning;
using Asha.Tuning.Runs;

namespace Asha.Host.Cli;

/// <summary><c>asha pause RUN</c> and <c>asha cancel RUN</c>: end a run from another terminal, to go on with it later or for good.</summary>
internal static class EndCommands
{
    private static readonly TimeSpan _look = TimeSpan.FromSeconds(.1);

    private static readonly TimeSpan _lookAtCluster = TimeSpan.FromSeconds(.5);

    /// <summary>Longer than trials take to end.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    public static Command Pause() => Create("pause", "Has a run end its trials and let go of the machine; 'asha resume' goes on with it.", folder =>
        folder.ReadRecord().State.Ended is { Outcome: FinalOutcome.Paused }
            ? throw new UserErrorException($"{folder.Path}: the run is paused already", $"'asha resume {folder.Name}' goes on with it.")
            : throw new UserErrorException($"{folder.Path}: no Asha is at work on this run", $"'asha show {folder.Name}' says how it ended."), FinalOutcome.Paused);

    public static Command Cancel() => Create("cancel", "Ends a run for good: of its checkpoints only the best trial's is kept.", CancelAsync, FinalOutcome.Cancelled);

    /// <param name="name">Of the command.</param>
    /// <param name="description">Of the command.</param>
    /// <param name="otherwise">What is done where no engine is at work.</param>
    /// <param name="outcome">What the engine is asked for.</param>
    private static Command Create(string name, string description, Func<RunFolder, Task<int>> otherwise, string outcome)
    {
        var options = new RunOptions(json: false);
        var command = new Command(name, description);
        var server = new ServerOptions();
        options.AddTo(command);
        server.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            if (server.IsMeant(parsed, options.Runs))
                return await server.RunAsync(parsed, client => AskAsync(client, options.Name(parsed), name, outcome, server.Again(parsed), cancel));
            var folder = options.Find(parsed);
            return folder.IsHeld() ? await AskAsync(folder, outcome, cancel) : await otherwise(folder);
        });
        return command;
    }

    /// <summary>Has a cluster end a run, and waits until it has.</summary>
    private static async Task<int> AskAsync(AshaClient client, string run, string command, string outcome, string again, CancellationToken cancel)
    {
        await client.CommandAsync(run, command, cancel);
        Console.Out.WriteLine($"{run}: its running trials are being ended");
        var patience = DateTime.UtcNow + _patience;
        while (true)
        {
            if (await client.FindAsync(run, cancel) is { Phase: "over" or "paused", Outcome: { } ended } listed)
            {
                Console.Out.WriteLine($"{run}: {ended}{(listed.Phase == "paused" ? $"; to go on: asha resume {run}{again}" : "")}");
                return ended == outcome ? ExitCode.Done : ExitCode.Failed;
            }
            if (DateTime.UtcNow > patience)
            {
                Console.Out.WriteLine($"{run}: it was told, and has not ended yet; 'asha ls{again}' says when");
                return ExitCode.Failed;
            }
            await Task.Delay(_lookAtCluster, cancel);
        }
    }

    private static async Task<int> AskAsync(RunFolder folder, string outcome, CancellationToken cancel)
    {
        RunRequests.Ask(folder.Path, outcome);
        Console.Out.WriteLine($"{folder.Name}: its running trials are being ended");
        var patience = DateTime.UtcNow + _patience;
        while (folder.IsHeld())
        {
            if (DateTime.UtcNow > patience)
            {
                Console.Out.WriteLine($"{folder.Name}: still waiting for it; it may be waiting for its journal (its own terminal, or {folder.In("asha.log")}, says more)");
                patience = DateTime.MaxValue;
            }
            await Task.Delay(_look, cancel);
        }
        if (folder.ReadRecord().State.Ended is not { } ended)
            throw new UserErrorException($"{folder.Path}: its engine went away before it could end the run", $"'asha resume {folder.Name}' goes on with it.");
        return Say(folder, ended, outcome);
    }

    private static int Say(RunFolder folder, ExperimentEnded ended, string outcome)
    {
        Console.Out.WriteLine($"{folder.Name}: {ended.Outcome} after {Output.Duration(ended.Time)}{(FinalOutcome.IsFinal(ended) ? "" : $"; to go on: asha resume {folder.Name}")}");
        return ended.Outcome == outcome ? ExitCode.Done : ExitCode.Failed;
    }

    /// <summary>Nobody is at work on it: it is gone on with just far enough to be ended.</summary>
    private static async Task<int> CancelAsync(RunFolder folder)
    {
        using var held = Resumption.Hold(folder);
        return Say(folder, await Resumption.CancelAsync(folder), FinalOutcome.Cancelled);
    }
}
