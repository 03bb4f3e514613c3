using System.Globalization;
using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Actors.Persistence;
using Asha.Core.Experiments;

namespace Asha.Actors.Simulation;

/// <summary>
/// A <see cref="SimulatedRun"/> under way, event by event: the world around the actors ends the attempts, lets nodes come and go, and decides nothing else. Time 0 of the run is when it was made.
/// </summary>
internal sealed class SimulatedWorld
{
    private readonly SimulatedRun _run;
    private readonly WorldParts _parts;
    private readonly VirtualSystem _system;
    private readonly SimulatedNodes _nodes;
    private readonly IActorRef _watcher;
    private readonly TimeSpan _zero;
    private readonly Queue<JobStarted> _begun = new();

    /// <summary>The attempts that have begun, by their slots, and what is known of them, where the events do not say.</summary>
    private readonly Queue<(SimulatedSlot Slot, SimulatedNodes.Life Life)> _arrived = new();
    private readonly Dictionary<(int Trial, int Attempt), JobStarted> _known = [];
    private long _starts;

    /// <summary>Jobs that wait out a back-off: they will be tried again, though nothing is under way.</summary>
    private int _backingOff;

    public SimulatedWorld(SimulatedRun run, VirtualSystem system, WorldParts parts)
    {
        (_run, _system, _parts, _zero) = (run, system, parts, system.Clock.Now);
        var watching = WorldWatcher.Props(Take, message => Failure ??= message, parts.Watcher);
        if (parts.Experiment is { } experiment)
        {
            Experiment = experiment;
            Supervisor = parts.Supervisor ?? system.Actors.ActorOf(SupervisorActor.Props(), "supervisor");
            _watcher = system.Actors.ActorOf(watching, "watcher");
        }
        else
        {
            (Supervisor, _watcher, Experiment) = AshaActors.StartExperiment(system.Actors, Setup, watching, parts.Supervisor);
        }
        _watcher.Tell(new WatchRun(Experiment, [Supervisor]));
        _nodes = new SimulatedNodes(system, Supervisor, run.Nodes, run.Spec.Seed, parts, parts.HideSlots ? (slot, life) => _arrived.Enqueue((slot, life)) : null);
    }

    public IActorRef Supervisor { get; }

    public IActorRef Experiment { get; }

    /// <summary>The time of the run.</summary>
    public TimeSpan Now => _system.Clock.Now - _zero;

    /// <summary>Whether the experiment has ended.</summary>
    public bool IsOver { get; private set; }

    /// <summary>What went wrong in the engine; <c>null</c>: nothing.</summary>
    public string? Failure { get; private set; }

    /// <summary>Whether the world itself has something in store: an attempt's end, a node's change, the time to stop.</summary>
    public bool MayGoOn => _nodes.Work || _backingOff > 0 || _nodes.MayChange || Now < _run.Spec.Stop.After;

    /// <summary>The actor of a node that is there, or was the last to be, by its number from 0.</summary>
    public IActorRef Node(int number) => _nodes.ActorOf(number);

    /// <summary>The nodes that are there from the beginning join, and first jobs start.</summary>
    public void Begin()
    {
        _system.Clock.Drain();
        _nodes.Begin();
        Settle();
    }

    /// <summary>Goes on to the next event, and lets it happen with all that follows from it at that time; <c>false</c>: the run is over, or nothing can happen any more.</summary>
    public bool Advance()
    {
        if (Failure is not null || IsOver || !_system.Clock.Advance())
            return false;
        Settle();
        return true;
    }

    /// <summary>Lets all that follows from what was said to the actors happen. No time passes.</summary>
    public void Settle()
    {
        var clock = _system.Clock;
        clock.Drain();
        Plan(clock);
        PlanArrived(clock);
        if (!IsOver && (IsStuck ? "no slot is left" : IsTooLate(clock) ? string.Create(CultureInfo.InvariantCulture, $"no run may go on for longer than {_run.Latest.TotalDays:#,0} days with so many slots") : null) is { } why)
        {
            Experiment.Tell(new StopExperiment("failed", why));
            clock.Drain();
        }
        if (IsOver)
            _nodes.End();
    }

    /// <summary>The run is left as it is, and its actors end, but for those that are not its own: their names are free for another one.</summary>
    public void Leave()
    {
        _nodes.End();
        _system.Actors.Stop(_watcher);
        if (_parts.Experiment is null)
            _system.Actors.Stop(Experiment);
        _nodes.Leave();
        if (_parts.Supervisor is null)
            _system.Actors.Stop(Supervisor);
        _system.Clock.Drain();
    }

    /// <summary>Nothing can happen any more, not even the horizon, and yet there is work: no node is left, and none will come.</summary>
    private bool IsStuck => _parts.AreOwn && _run.Spec.Stop.After is null && !_nodes.MayChange && !_nodes.Work && _backingOff == 0;

    private bool IsTooLate(VirtualScheduler clock) => clock.NextTime - _zero > _run.Latest;

    private ExperimentSetup Setup(IActorRef supervisor, IActorRef watcher) => new(
        _run.Spec, new RunOrigin(_run.Spec.Name, DateTimeOffset.UnixEpoch, typeof(SimulatedRun).Assembly.GetName().Version!.ToString(3), "simulated"), Weight: 1, supervisor,
        Journal(), watcher, TimeZero: _run.Before is [.., var last] ? _zero - last.Time : _zero) { Rung = _parts.Rung, Resumes = _run.Before.Count > 0 };

    private Func<JournalOpening, Props>? Journal() => (_run.Before, _run.Events) switch
    {
        ([_, ..], _) => _ => RememberedJournal.Props(_run.Before),
        (_, { } open) => _ => EventFileActor.Props(open),
        _ => null,
    };

    private void Take(ExperimentEvent happened)
    {
        switch (happened)
        {
            case SlotJoined joined when !_parts.HideSlots:
                _nodes.Joined(joined);
                break;
            case SlotLost lost when !_parts.HideSlots && !_nodes.Of(lost.Slot).Life.Shared.IsDead:
                Failure ??= "a node stopped that the world has not ended";
                break;
            case JobStarted started when _parts.HideSlots:
                _known[(started.Trial, started.Attempt)] = started;
                break;
            case JobStarted started:
                _begun.Enqueue(started);
                break;
            case AttemptFailed { BackOff: not null }:
                _backingOff++;
                break;
            case RetryDue:
                _backingOff--;
                break;
            case ExperimentEnded:
                IsOver = true;
                break;
        }
        _run.Told?.Invoke(happened);
    }

    /// <summary>Attempts begin in the order in which they were decided, whatever way their messages took to the nodes: of those that end at one time, the first to begin is the first to end.</summary>
    private void Plan(VirtualScheduler clock)
    {
        while (_begun.TryDequeue(out var started))
        {
            var (slot, life) = _nodes.Of(started.Slot);
            if (slot?.HasBegun(started) == true)
                Plan(clock, started, slot, life);
        }
    }

    /// <summary>Here the order is that in which the slots heard of them.</summary>
    private void PlanArrived(VirtualScheduler clock)
    {
        while (_arrived.TryDequeue(out var arrived))
        {
            if (arrived.Slot.Running is { } run)
                Plan(clock, _known.GetValueOrDefault((run.Trial, run.Attempt)) ?? Started(run), arrived.Slot, arrived.Life);
        }
    }

    /// <summary>Without an experiment there is no event; its rung is the one of its target.</summary>
    private JobStarted Started(StartJob run)
        => new(Now, run.Trial, 0, Math.Max(0, _run.Levels.IndexOf(run.Target)), run.Attempt, run.Slot, run.Start, run.Target, run.Checkpoint, run.GoesOn);

    private void Plan(VirtualScheduler clock, JobStarted started, SimulatedSlot slot, SimulatedNodes.Life life)
    {
        var goes = _run.Attempt(started, new AttemptPlace(life.Node, slot.Running!.Parameters));
        var number = _starts++;
        slot.Plan(goes, number);
        if (_run.DecisionLatency > TimeSpan.Zero)
            PlanLatency(clock, slot, goes.Length, number);
        if (goes.Earlier is { } earlier)
            PlanReports(clock, slot, earlier, number);
        clock.At(clock.Now + goes.Length + _run.DecisionLatency, EventClass.AttemptEnds, number, slot);
    }

    private static void PlanReports(VirtualScheduler clock, SimulatedSlot slot, IReadOnlyList<(TimeSpan After, TrialReport Report)> earlier, long number)
    {
        foreach (var (after, report) in earlier)
            clock.At(clock.Now + after, EventClass.AttemptEnds, number, () => slot.Report(number, report));
    }

    private static void PlanLatency(VirtualScheduler clock, SimulatedSlot slot, TimeSpan length, long number)
        => clock.At(clock.Now + length, EventClass.AttemptEnds, number, () => slot.Await(number));
}
