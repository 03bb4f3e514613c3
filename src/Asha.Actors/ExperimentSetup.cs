using Akka.Actor;
using Asha.Actors.Metrics;
using Asha.Actors.Persistence;
using Asha.Core.Experiments;
using Asha.Core.Scheduling;

namespace Asha.Actors;

/// <summary>Who an experiment talks to.</summary>
/// <param name="Weight">Its share of the slots, in proportion to other experiments'; ≥ 1.</param>
/// <param name="Supervisor">Where its slots come from.</param>
/// <param name="Journal">Makes its journal, told how it is opened; <c>null</c>: nothing is kept.</param>
/// <param name="Watcher">Is told of every committed event.</param>
/// <param name="TimeZero">Its time 0 on the scheduler's clock; <c>null</c>: when it gets its first slots, so that no time is counted in which it had none.</param>
public sealed record ExperimentSetup(ExperimentSpec Spec, RunOrigin Origin, int Weight, IActorRef Supervisor, Func<JournalOpening, Props>? Journal, IActorRef Watcher, TimeSpan? TimeZero = null)
{
    /// <summary>It goes on from what is in its journal; where nothing is, it begins.</summary>
    public bool Resumes { get; init; }

    /// <summary>So long trials are awaited that were told to end, where the experiment is to be gone on with.</summary>
    public TimeSpan TrialsEndIn { get; init; } = AshaActors.ProcessesEndIn;

    /// <summary>What a node is told to start or end is told again after this time, unless it has answered; <c>null</c>: no message between experiment and nodes gets lost.</summary>
    public TimeSpan? ResendInterval { get; init; }

    /// <summary>Its nodes are other machines', and run what they are sent, for any number of runs: a start says of which run it is, and what to run.</summary>
    public bool IsClustered { get; init; }

    /// <summary>Its coordinator may be lost while its nodes run on: whoever goes on with it, of a run that has not ended, takes it over with its slots and what runs on them, and tells the supervisor from time to time how it stands.</summary>
    public bool TakesOver { get; init; }

    /// <summary>The wall clock, by which its time goes on while nobody is at work on it; <c>null</c>: it does not.</summary>
    public TimeProvider? Time { get; init; }

    /// <summary>Takes how long its decisions and its journal take; <c>null</c>: nobody wants to know.</summary>
    public ExperimentMetrics? Metrics { get; init; }

    /// <summary>Higher ones are served first.</summary>
    public int Priority { get; init; }

    /// <summary>The most slots at a time, ≥ 1; <c>null</c>: as many as there are.</summary>
    public int? MaxConcurrent { get; init; }

    /// <summary>What each slot must have; <c>null</c>: any will do.</summary>
    public SlotDemand? Demand { get; init; }

    /// <summary>Makes the rung of a bracket, both numbered from 0, where it is not to be a <see cref="RungActor"/>: a test plays it then. <c>null</c>, or what it answers: it is one.</summary>
    public Func<int, int, Props?>? Rung { get; init; }
}
