using System.Runtime.CompilerServices;
using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Torture.Invariants;

/// <summary>A slot of a node, from one joining of the node to its end.</summary>
/// <param name="Node">Counted from 0.</param>
/// <param name="Life">The node's joinings are counted from 1.</param>
/// <param name="Slot">The node's own number of it, from 0.</param>
public readonly record struct NodeSlot(int Node, int Life, int Slot);

/// <summary>A law was broken.</summary>
/// <param name="law">Which.</param>
/// <param name="what">What was seen, and what should have been.</param>
public sealed class ViolationException(string law, string what) : Exception($"{law}: {what}")
{
    public string Law => law;

    /// <summary>The trial that it is about, where it is about one.</summary>
    public int? Trial { get; init; }

    /// <summary>The slot that it is about, by the run's number of it.</summary>
    public int? Slot { get; init; }
}

/// <summary>
/// A law that holds whatever happens, judged from what is seen outside the engine: messages where they leave and arrive, entries of the journal, what runs on nodes. Each call is O(log n) at most, but for
/// <see cref="Crashed"/>, <see cref="Changed"/> and <see cref="Ended"/>, where everything may be looked at.
/// </summary>
public abstract class Invariant
{
    public abstract string Name { get; }

    /// <summary>How often it was judged.</summary>
    public long Evaluated { get; protected set; }

    /// <summary>Events are durable: from now on no crash takes them.</summary>
    public virtual void Committed(TimeSpan now, IReadOnlyList<ExperimentEvent> events) { }

    /// <summary>The same events, and whose entry of the journal they are.</summary>
    /// <param name="writer">The engine's name.</param>
    public virtual void Written(TimeSpan now, string writer, IReadOnlyList<ExperimentEvent> events) { }

    /// <summary>A node's message reaches the experiment.</summary>
    public virtual void Arrived(TimeSpan now, JobReport report) { }

    /// <summary>The experiment lets out an acknowledgement.</summary>
    public virtual void Acknowledged(TimeSpan now, ReportStored stored) { }

    /// <summary>The experiment lets out a job.</summary>
    public virtual void Ordered(TimeSpan now, StartJob job) { }

    /// <summary>The experiment lets out that checkpoints are not needed any more.</summary>
    public virtual void Released(TimeSpan now, ReleaseCheckpoints release) { }

    /// <summary>The user asks the experiment to end.</summary>
    public virtual void Asked(TimeSpan now, StopExperiment stop) { }

    /// <summary>A trial reports, and its slot hears it.</summary>
    public virtual void Reported(TimeSpan now, NodeSlot slot, StartJob job, TrialReport report) { }

    /// <summary>A node says, or has said, to a supervisor that it joins.</summary>
    /// <param name="node">Counted from 0.</param>
    /// <param name="life">Its starts are counted from 1.</param>
    public virtual void Announced(TimeSpan now, int node, int life, JoinNode join) { }

    /// <summary>A node has taken a start: its slot will begin it, now or when the one before has ended.</summary>
    public virtual void Taken(TimeSpan now, NodeSlot slot, StartJob job) { }

    /// <summary>A node begins an attempt, or goes on with the trial that it runs.</summary>
    public virtual void Began(TimeSpan now, NodeSlot slot, StartJob job) { }

    /// <summary>The attempt is gone from where it ran.</summary>
    public virtual void Gone(TimeSpan now, NodeSlot slot, int trial, int attempt) { }

    /// <summary>Something happens to a node or to its connection that others may take for its end: it dies, freezes, is cut off or goes.</summary>
    public virtual void Harmed(TimeSpan now, string node) { }

    /// <summary>The coordinator is gone, with all that was not durable.</summary>
    /// <param name="durable">The journal as the next coordinator will find it.</param>
    /// <param name="live">What the one that is gone had decided.</param>
    public virtual void Crashed(TimeSpan now, IReadOnlyList<ExperimentEvent> durable, ExperimentState live) { }

    /// <summary>Nothing more happens at this time.</summary>
    /// <param name="live">The experiment as it stands.</param>
    /// <param name="isHeld">The journal is slow or failing, or no coordinator is there: nothing can be let out.</param>
    public virtual void Quiet(TimeSpan now, ExperimentState live, bool isHeld) { }

    /// <summary>The faults have stopped.</summary>
    public virtual void Changed(TimeSpan now, IReadOnlyList<ExperimentEvent> durable, ExperimentState live) { }

    /// <summary>The run is over.</summary>
    public virtual void Ended(TimeSpan now, IReadOnlyList<ExperimentEvent> durable, ExperimentState live) { }

    /// <summary>Judges once more.</summary>
    /// <param name="holds">Whether the law holds.</param>
    /// <param name="what">What was seen instead, in words; only asked for where it does not hold.</param>
    /// <param name="trial">The trial that it is about.</param>
    /// <param name="slot">The slot that it is about, by the run's number of it.</param>
    /// <exception cref="ViolationException">It does not.</exception>
    protected void Judge(bool holds, Func<string> what, int? trial = null, int? slot = null)
    {
        Evaluated++;
        if (!holds)
            throw Broken(what(), trial, slot);
    }

    /// <summary>The same, where nothing is made for the words of a law that is kept.</summary>
    protected void Judge(bool holds, [InterpolatedStringHandlerArgument(nameof(holds))] ref Finding what, int? trial = null, int? slot = null)
    {
        Evaluated++;
        if (!holds)
            throw Broken(what.InWords(), trial, slot);
    }

    protected ViolationException Broken(string what, int? trial = null, int? slot = null) => new(Name, what) { Trial = trial, Slot = slot };
}
