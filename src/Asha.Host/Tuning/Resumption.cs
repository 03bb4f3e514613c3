using Asha.Actors.Execution;
using Asha.Core.Experiments;
using Asha.Tuning;
using Asha.Tuning.Journals;
using Asha.Tuning.Runs;
using Microsoft.Extensions.Logging.Abstractions;

namespace Asha.Host.Tuning;

/// <summary>What is needed to go on with a run: that nobody else does, that nothing of it still runs, and what its events do not have.</summary>
internal static class Resumption
{
    /// <summary>Takes hold of a run that was begun, and ends what its dead engine has left running.</summary>
    /// <param name="folder">The run's.</param>
    /// <exception cref="UserErrorException">Another Asha holds it.</exception>
    public static FileStream Hold(RunFolder folder)
    {
        var held = folder.Hold();
        if (folder.EndOrphans(Console.Error, isHeldHere: true))
            return held;
        held.Dispose();
        throw new UserErrorException($"{folder.Path}: something of the engine that was killed still runs and cannot be ended; trials would run twice", "The kernel may be waiting for a disk that does not answer. Try again when it has let go.");
    }

    /// <summary>The session that goes on.</summary>
    /// <param name="folder">The run's, held.</param>
    /// <param name="environment">Values of <c>trial.env</c>, which are written nowhere; <c>null</c>: as in Asha's own environment.</param>
    /// <param name="slots">Another number of slots than it had; <c>null</c>: as many.</param>
    /// <exception cref="UserErrorException">It is over, or cannot be gone on with.</exception>
    public static TuneSession Of(RunFolder folder, IReadOnlyDictionary<string, string>? environment, int? slots, bool json, bool plain)
    {
        var begun = BegunRun.Open(folder, JournalServer.FromEnvironment());
        var spec = begun.Spec with { Slots = slots ?? begun.Spec.Slots, Trial = begun.Spec.Trial with { Env = environment ?? Environment(begun.Spec.Trial.Env.Keys) } };
        return new TuneSession(spec, folder, begun.Journal, json, plain) { Resumes = true, IsPrepared = begun.HasTrials };
    }

    /// <summary>Ends a run for good that nobody is at work on: it is gone on with, just far enough to be ended.</summary>
    /// <param name="folder">The run's, held.</param>
    /// <exception cref="UserErrorException">It is over.</exception>
    public static async Task<ExperimentEnded> CancelAsync(RunFolder folder)
    {
        var begun = BegunRun.Open(folder, JournalServer.FromEnvironment());
        var run = new LocalRun(begun.Spec, folder, begun.Journal, new NoTrials(), NullLoggerFactory.Instance) { Resumes = true, Ends = FinalOutcome.Cancelled };
        var end = await run.RunAsync(CancellationToken.None);
        return end.Failure is null ? end.Record.State.Ended! : throw new IOException(end.Failure);
    }

    /// <summary>Runs none: the run ends before it could.</summary>
    private sealed class NoTrials : ITrialRunner
    {
        public IAttempt Start(TrialLaunch launch, IAttemptListener listener) => throw new InvalidOperationException("No trial was to be started.");
    }

    private static Dictionary<string, string> Environment(IEnumerable<string> names)
    {
        var values = names.ToDictionary(name => name, System.Environment.GetEnvironmentVariable);
        return values.Where(value => value.Value is null).Select(value => value.Key).Order(StringComparer.Ordinal).ToList() is { Count: > 0 } missing
            ? throw new UserErrorException(
                [.. missing.Select(name => $"trial.env.{name}: its value was not kept: values of trial.env are written nowhere")],
                $"Set it in the environment: {string.Join(' ', missing.Select(name => $"{name}=…"))} asha resume …; or go on with the experiment's file: asha tune FILE --resume")
            : values.ToDictionary(value => value.Key, value => value.Value!);
    }
}
