using Asha.Actors.Execution;
using Asha.Core.Experiments;
using Asha.Host.ExperimentFiles;
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
        folder.EndOrphans(Console.Error, isHeldHere: true);
        return held;
    }

    /// <summary>The session that goes on.</summary>
    /// <param name="folder">The run's, held.</param>
    /// <param name="environment">Values of <c>trial.env</c>, which are written nowhere; <c>null</c>: as in Asha's own environment.</param>
    /// <param name="slots">Another number of slots than it had; <c>null</c>: as many.</param>
    /// <exception cref="UserErrorException">It is over, or cannot be gone on with.</exception>
    public static TuneSession Of(RunFolder folder, IReadOnlyDictionary<string, string>? environment, int? slots, bool json, bool plain)
    {
        var (begun, hasTrials, journal) = Begun(folder);
        var spec = begun with { Slots = slots ?? begun.Slots, Trial = begun.Trial with { Env = environment ?? Environment(begun.Trial.Env.Keys) } };
        return new TuneSession(spec, folder, journal, json, plain) { Resumes = true, IsPrepared = hasTrials };
    }

    /// <summary>The newest run of an experiment that can be gone on with; <c>null</c>: the newest one is over, or there is none.</summary>
    /// <param name="spec">The experiment.</param>
    /// <param name="runs">The folder of all runs.</param>
    /// <exception cref="UserErrorException">The newest run that is not over is one of another experiment of that name.</exception>
    public static RunFolder? Newest(ExperimentSpec spec, string runs)
    {
        foreach (var folder in RunFolder.All(runs).Reverse())
        {
            if (!folder.Name.StartsWith($"{spec.Name}-", StringComparison.Ordinal) || Read(folder) is not { } state || state.Spec.Name != spec.Name)
                continue;
            if (state.Ended is { } ended && FinalOutcome.IsFinal(ended))
                return null;
            return IsSame(state.Spec, spec) ? folder : throw new UserErrorException(
                $"{folder.Path}: the newest run of '{spec.Name}' is not over, but was another experiment: the file has changed since",
                $"'asha resume {folder.Name}' goes on with it as it was; without --resume another one begins; 'asha cancel {folder.Name}' ends it.");
        }
        return null;
    }

    /// <summary>Ends a run for good that nobody is at work on: it is gone on with, just far enough to be ended.</summary>
    /// <param name="folder">The run's, held.</param>
    /// <exception cref="UserErrorException">It is over.</exception>
    public static async Task<ExperimentEnded> CancelAsync(RunFolder folder)
    {
        var (spec, _, journal) = Begun(folder);
        var run = new LocalRun(spec, folder, journal, new NoTrials(), NullLoggerFactory.Instance) { Resumes = true, Ends = FinalOutcome.Cancelled };
        var end = await run.RunAsync(CancellationToken.None);
        return end.Failure is null ? end.Record.State.Ended! : throw new IOException(end.Failure);
    }

    /// <summary>What the journal says; <c>events.jsonl</c>, its copy, may be behind or gone. A run that ended before its first trial has written that alone.</summary>
    private static (ExperimentSpec Spec, bool HasTrials, RunJournal Journal) Begun(RunFolder folder)
    {
        var journal = RunJournal.Open(folder.Path, JournalServer.FromEnvironment());
        var survey = journal.Survey();
        if (survey?.Ended is { } ended && FinalOutcome.IsFinal(ended))
            throw Over(folder, ended);
        if (survey is not null)
            return (survey.Experiment.Experiment, survey.HasTrials, journal);
        var state = folder.ReadRecord().State;
        return state.Ended is { } unbegun && FinalOutcome.IsFinal(unbegun) ? throw Over(folder, unbegun) : (state.Spec, state.Trials.Count > 0, journal);
    }

    private static UserErrorException Over(RunFolder folder, ExperimentEnded ended)
        => new($"{folder.Path}: the run is over: {ended.Outcome}{(ended.Reason.Length > 0 ? $" ({ended.Reason})" : "")}", $"'asha show {folder.Name}' says what it found.");

    /// <summary>Runs none: the run ends before it could.</summary>
    private sealed class NoTrials : ITrialRunner
    {
        public IAttempt Start(TrialLaunch launch, IAttemptListener listener) => throw new InvalidOperationException("No trial was to be started.");
    }

    /// <summary>What a run is; <c>null</c>: it broke off before it was anything, or cannot be read.</summary>
    private static ExperimentState? Read(RunFolder folder)
    {
        try
        {
            return folder.ReadRecord().State;
        }
        catch (UserErrorException)
        {
            return null;
        }
    }

    /// <summary>How many slots a machine has does not make it another experiment; values of variables are not kept, so they cannot.</summary>
    private static bool IsSame(ExperimentSpec one, ExperimentSpec other)
    {
        return Text(one) == Text(other);

        static string Text(ExperimentSpec spec) => ExperimentFile.Write(spec with { Slots = 1 });
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
