using Asha.Core.Experiments;
using Asha.Core.Spaces;
using Asha.Core.Worlds;

namespace Asha.Actors.Simulation;

/// <summary>What the course of an attempt follows from beside chance: the node that it runs on, and the trial's parameters.</summary>
public readonly record struct AttemptPlace(WorldNode Node, Configuration Parameters);

/// <summary>
/// One run in virtual time: the actors of a live run, unchanged, on a virtual clock. The world around them (<see cref="SimulatedWorld"/>) ends the attempts, lets nodes come and go, and decides nothing else. It is run by the thread that calls it; any number may run side by side.
/// </summary>
/// <param name="spec">The experiment.</param>
/// <param name="nodes">Where it runs; numbered, and slots with them, in the order in which they join, those of one time as they stand here.</param>
/// <param name="attempt">How each attempt goes.</param>
public sealed class SimulatedRun(ExperimentSpec spec, IReadOnlyList<WorldNode> nodes, Func<JobStarted, AttemptPlace, SimulatedAttempt> attempt)
{
    private static readonly TrialEnding _exited = new(EndingCause.Exited);

    /// <summary>A run on one node, with the slots of <see cref="ExperimentSpec.Slots"/>.</summary>
    public SimulatedRun(ExperimentSpec spec, Func<JobStarted, SimulatedAttempt> attempt) : this(spec, [new WorldNode(spec.Slots)], (job, _) => attempt(job))
    {
    }

    /// <summary>The way of a report: an attempt's slot is idle from its end on, and its report is there so much later.</summary>
    public TimeSpan DecisionLatency { get; init; }

    /// <summary>Told of every event once it is in the journal.</summary>
    public Action<ExperimentEvent>? Told { get; init; }

    /// <summary>Where <c>events.jsonl</c> goes; <c>null</c>: nowhere.</summary>
    public Func<Stream>? Events { get; init; }

    /// <summary>It goes on from these events, in their time: the engine that decided them is no more.</summary>
    public IReadOnlyList<ExperimentEvent> Before { get; init; } = [];

    /// <summary>Told of each message that an actor takes: the time, the actor's path, the message's type.</summary>
    public Action<TimeSpan, string, string>? Trace { get; init; }

    /// <summary>Work that came from other threads in the last run; anything but 0 is a mistake of ours.</summary>
    public long Foreign { get; private set; }

    /// <summary>A node of a made world does not fail what others do not: none goes into quarantine.</summary>
    internal ExperimentSpec Spec { get; } = spec.Trial.Quarantine is null ? spec : spec with { Trial = spec.Trial with { Quarantine = null } };

    internal IReadOnlyList<WorldNode> Nodes => nodes;

    internal Func<JobStarted, AttemptPlace, SimulatedAttempt> Attempt => attempt;

    /// <summary>The rungs' levels, lowest first, where nobody but the world can tell an attempt's rung.</summary>
    internal List<double> Levels { get; init; } = [];

    /// <summary>A run that would go on for longer is ended as failed: a <see cref="TimeSpan"/> holds neither much more of all slots' time, nor this with the length of an attempt twice over.</summary>
    internal TimeSpan Latest { get; } = TimeSpan.MaxValue / Math.Max(2, 1.01 * nodes.Sum(node => (long)node.Slots));

    /// <summary>Runs until nothing can happen any more.</summary>
    /// <exception cref="InvalidOperationException">The engine failed: the run is not over, and yet nothing happens any more.</exception>
    public void Run()
    {
        using var system = new VirtualSystem();
        system.Clock.Trace = Trace;
        var world = new SimulatedWorld(this, system, WorldParts.Own);
        world.Begin();
        while (world.Advance())
        {
        }
        Foreign = system.Clock.Foreign;
        if (world.Failure is { } failure)
            throw new InvalidOperationException(failure);
        if (!world.IsOver)
            throw new InvalidOperationException("the run came to a halt, though it is not over");
    }

    /// <summary>How an attempt goes that ends with a result, and leaves a checkpoint where trials resume.</summary>
    public static SimulatedAttempt Completes(JobStarted job, TimeSpan length, double metric, bool resumes)
        => new(length, new TrialReport(job.Target, metric, resumes ? "simulated" : null), _exited);
}
