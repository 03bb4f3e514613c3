using Asha.Actors.Messages;
using Asha.Actors.Persistence;
using Asha.Core.Experiments;
using Asha.Tuning.Runs;

namespace Asha.Cluster.Coordinators;

/// <summary>What comes of a command to the registry: what is written, all of it or nothing, and what whoever asked is told once it is.</summary>
/// <param name="Events">Empty: nothing changes, and the answer is known at once.</param>
/// <param name="Answer">A wire message.</param>
internal readonly record struct RegistryDecision(IReadOnlyList<IRegistryEvent> Events, object Answer)
{
    public static RegistryDecision Refuse(string reason, bool isUnknown = false, bool isOther = false) => new([], new RegistryRefused(reason, isUnknown, isOther));
}

/// <summary>What submits, ends, pauses and reopens a run: of the registry as it stands and a command, what is to be written.</summary>
internal static class RunDecisions
{
    /// <summary>A request that was made before is the run that was made for it, if it asks for the same.</summary>
    public static RegistryDecision Submit(Registry registry, SubmitExperiment submit, DateTimeOffset now)
    {
        if (registry.OfRequest(submit.Request) is { } known)
        {
            return (known.Admitted.Digest, submit.Digest) is ({ } first, { } again) && first != again
                ? RegistryDecision.Refuse($"{known.Run} was submitted with this key, as another experiment", isOther: true)
                : new([], new ExperimentSubmitted(submit.Request, known.Run));
        }
        var run = registry.NewName(submit.Spec.Name, now);
        var admitted = new RunAdmitted(run, submit.Request, submit.Spec, EngineOrigin.Of(run, now), submit.Weight, submit.Priority, submit.MostSlots, submit.Digest);
        return new([admitted], new ExperimentSubmitted(submit.Request, run));
    }

    /// <summary>Whoever wants it cancelled is heard, also when it is being paused; the other way round it is too late.</summary>
    public static RegistryDecision AskToEnd(Registry registry, string run, string outcome, DateTimeOffset now) => registry.Find(run) switch
    {
        null => Unknown(run),
        { Phase: RunPhase.Ending } ending when ending.Outcome == outcome => Done(),
        { Phase: RunPhase.Open } => Done(new RunEndAsked(run, outcome)),
        { Phase: RunPhase.Ending, Outcome: FinalOutcome.Paused } when outcome == FinalOutcome.Cancelled => Done(new RunEndAsked(run, outcome)),
        { Phase: RunPhase.Paused } when outcome == FinalOutcome.Cancelled => Done(ReopenedToBeCancelled(run, now)),
        { Phase: RunPhase.Paused } => RegistryDecision.Refuse($"{run}: it is paused already"),
        { Phase: RunPhase.Over } over => RegistryDecision.Refuse($"{run}: it is over ({over.Outcome})"),
        var entry => RegistryDecision.Refuse($"{run}: it is being ended ({entry.Outcome})"),
    };

    /// <summary>Only what is paused can be gone on with.</summary>
    public static RegistryDecision Reopen(Registry registry, string run, DateTimeOffset now) => registry.Find(run) switch
    {
        null => Unknown(run),
        { Phase: RunPhase.Paused } => Done(new RunReopened(run, EngineOrigin.Of(run, now))),
        { Phase: RunPhase.Over } over => RegistryDecision.Refuse($"{run}: it is over ({over.Outcome}), and cannot be gone on with"),
        _ => RegistryDecision.Refuse($"{run}: it is not paused"),
    };

    /// <summary>A run's own journal says how it has ended. One that is asleep, or has been opened anew since, has been settled before.</summary>
    public static RegistryDecision Settle(Registry registry, RunEnded ended, DateTimeOffset now)
    {
        var known = new RunEndKnown(ended.Run);
        if (registry.Find(ended.Run) is not { IsAwake: true } entry || (ended.Opening != 0 && ended.Opening != entry.Opening))
            return new([], known);
        var settled = new RunSettled(ended.Run, ended.Outcome, ended.Reason, ended.Figures);
        // A cancel that was taken while it was being paused came too late for its experiment, but not for the run.
        var goesOn = ended.Outcome == FinalOutcome.Paused && entry is { Phase: RunPhase.Ending, Outcome: FinalOutcome.Cancelled };
        return new(goesOn ? [settled, .. ReopenedToBeCancelled(ended.Run, now)] : [settled], known);
    }

    /// <summary>It is gone on with just far enough to be ended: its own journal is to say so, too.</summary>
    private static IRegistryEvent[] ReopenedToBeCancelled(string run, DateTimeOffset now) => [new RunReopened(run, EngineOrigin.Of(run, now)), new RunEndAsked(run, FinalOutcome.Cancelled)];

    private static RegistryDecision Done(params IRegistryEvent[] events) => new(events, new RegistryDone());

    private static RegistryDecision Unknown(string run) => RegistryDecision.Refuse($"{run}: there is no such run", isUnknown: true);
}
