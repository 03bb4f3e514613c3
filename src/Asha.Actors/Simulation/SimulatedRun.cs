using System.Globalization;
using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Core.Experiments;
using Asha.Core.Spaces;
using Asha.Core.Worlds;

namespace Asha.Actors.Simulation;

/// <summary>What the course of an attempt follows from beside chance: the node that it runs on, and the trial's parameters.</summary>
public readonly record struct AttemptPlace(WorldNode Node, Configuration Parameters);

/// <summary>
/// One run in virtual time: the actors of a live run, unchanged, on a virtual clock. The world around them ends the attempts, lets nodes come and go, and decides nothing else. It is run by the thread that calls it; any number may run side by side.
/// </summary>
/// <param name="spec">The experiment.</param>
/// <param name="nodes">Where it runs; numbered, and slots with them, in the order in which they join, those of one time as they stand here.</param>
/// <param name="attempt">How each attempt goes.</param>
public sealed class SimulatedRun(ExperimentSpec spec, IReadOnlyList<WorldNode> nodes, Func<JobStarted, AttemptPlace, SimulatedAttempt> attempt)
{
    private static readonly TrialEnding _exited = new(EndingCause.Exited);

    private SimulatedNodes _nodes = null!;
    private readonly Queue<JobStarted> _begun = new();
    private long _starts;
    private string? _failure;
    private bool _isOver;

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

    /// <summary>Told of each message that an actor takes: the time, the actor's path, the message's type.</summary>
    public Action<TimeSpan, string, string>? Trace { get; init; }

    /// <summary>Work that came from other threads in the last run; anything but 0 is a mistake of ours.</summary>
    public long Foreign { get; private set; }

    /// <summary>A run that would go on for longer is ended as failed: a <see cref="TimeSpan"/> holds neither much more of all slots' time, nor this with the length of an attempt twice over.</summary>
    private TimeSpan Latest { get; } = TimeSpan.MaxValue / Math.Max(2, 1.01 * nodes.Sum(node => (long)node.Slots));

    /// <summary>Runs until nothing can happen any more.</summary>
    /// <exception cref="InvalidOperationException">The engine failed: the run is not over, and yet nothing happens any more.</exception>
    public void Run()
    {
        using var system = new VirtualSystem();
        system.Clock.Trace = Trace;
        var (supervisor, watcher, experiment) = AshaActors.StartExperiment(system.Actors, Experiment, WorldWatcher.Props(Take, message => _failure ??= message));
        watcher.Tell(new WatchRun(experiment, [supervisor]));
        _nodes = new SimulatedNodes(system, supervisor, nodes, spec.Seed);
        var clock = system.Clock;
        clock.Drain();
        _nodes.Begin();
        do
        {
            clock.Drain();
            Plan(clock);
            if (!_isOver && (IsStuck ? "no slot is left" : IsTooLate(clock) ? string.Create(CultureInfo.InvariantCulture, $"no run may go on for longer than {Latest.TotalDays:#,0} days with so many slots") : null) is { } why)
            {
                experiment.Tell(new StopExperiment("failed", why));
                clock.Drain();
            }
        }
        while (_failure is null && !_isOver && clock.Advance());
        _nodes.End();
        Foreign = clock.Foreign;
        if (_failure is not null)
            throw new InvalidOperationException(_failure);
        if (!_isOver)
            throw new InvalidOperationException("the run came to a halt, though it is not over");
    }

    /// <summary>How an attempt goes that ends with a result, and leaves a checkpoint where trials resume.</summary>
    public static SimulatedAttempt Completes(JobStarted job, TimeSpan length, double metric, bool resumes)
        => new(length, new TrialReport(job.Target, metric, resumes ? "simulated" : null), _exited);

    /// <summary>Nothing can happen any more, not even the horizon, and yet there is work: no node is left, and none will come.</summary>
    private bool IsStuck => spec.Stop.After is null && !_nodes.MayChange && !_nodes.Work;

    private bool IsTooLate(VirtualScheduler clock) => clock.NextTime > Latest;

    private ExperimentSetup Experiment(IActorRef supervisor, IActorRef watcher) => new(
        spec, new RunOrigin(spec.Name, DateTimeOffset.UnixEpoch, typeof(SimulatedRun).Assembly.GetName().Version!.ToString(3), "simulated"), Weight: 1, supervisor,
        Events is { } open ? Persistence.JournalActor.Props(open) : null, watcher, TimeZero: TimeSpan.Zero);

    private void Take(ExperimentEvent happened)
    {
        switch (happened)
        {
            case SlotJoined joined:
                _nodes.Joined(joined);
                break;
            case SlotLost lost when !_nodes.Of(lost.Slot).Life.Shared.IsDead:
                _failure ??= "a node stopped that the world has not ended";
                break;
            case JobStarted started:
                _begun.Enqueue(started);
                break;
            case ExperimentEnded:
                _isOver = true;
                break;
        }
        Told?.Invoke(happened);
    }

    /// <summary>Attempts begin in the order in which they were decided, whatever way their messages took to the nodes: of those that end at one time, the first to begin is the first to end.</summary>
    private void Plan(VirtualScheduler clock)
    {
        while (_begun.TryDequeue(out var started))
        {
            var (slot, life) = _nodes.Of(started.Slot);
            if (!slot.HasBegun(started))
                continue;
            var goes = attempt(started, new AttemptPlace(life.Node, slot.Running!.Parameters));
            var number = _starts++;
            slot.Plan(goes, number);
            if (DecisionLatency > TimeSpan.Zero)
                PlanLatency(clock, slot, goes.Length, number);
            clock.At(clock.Now + goes.Length + DecisionLatency, EventClass.AttemptEnds, number, slot);
        }
    }

    private static void PlanLatency(VirtualScheduler clock, SimulatedSlot slot, TimeSpan length, long number)
        => clock.At(clock.Now + length, EventClass.AttemptEnds, number, () => slot.Await(number));
}
