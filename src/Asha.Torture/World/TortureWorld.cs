using Akka.Actor;
using Akka.Configuration;
using Asha.Actors;
using Asha.Actors.Messages;
using Asha.Actors.Simulation;
using Asha.Core.Experiments;
using Asha.Torture.Faults;
using Asha.Torture.Invariants;
using Asha.Torture.Journals;
using Asha.Torture.Network;
using Asha.Torture.Trials;

namespace Asha.Torture.World;

/// <summary>
/// One seed's world: an experiment of real actors on a virtual clock, and all that happens to it. First the fire, in which faults happen and the laws hold all the same; then calm, in which it must come to its end.
/// </summary>
public sealed class TortureWorld : ITestimony, IDisposable
{
    /// <summary>So many turns of mailboxes at one time mean that something goes round in circles.</summary>
    private const int MostTurns = 1_000_000;

    /// <summary>No trial takes longer to end that is told to (<see cref="ScriptDraw"/>).</summary>
    private static readonly TimeSpan _slowestEnd = TimeSpan.FromSeconds(6);

    private static readonly Config _engine = ConfigurationFactory.ParseString("akka.loglevel = ERROR").WithFallback(MemoryPlugin.Settings).WithFallback(AshaActors.Configuration());

    private readonly Coverage _coverage = new();
    private readonly Dice _dice;
    private long _number, _jobs, _reports;
    private int _lives, _turns, _told;

    /// <summary>So many turns until the coordinator is lost; below 0: it is not.</summary>
    private int _crashIn = -1;
    private bool _isRecoveredEnd, _isAskedToEnd, _leaves;
    private TimeSpan _deadline = TimeSpan.MaxValue;
    private string _outcome = "";
    private bool _isOver;

    /// <param name="plan">What was drawn.</param>
    /// <param name="laws">Judge what happens.</param>
    /// <param name="listener">Told of everything, in words; <c>null</c>: nobody is.</param>
    public TortureWorld(TorturePlan plan, IReadOnlyList<Invariant> laws, Action<TraceLine>? listener = null)
    {
        Plan = plan;
        System = new VirtualSystem(_engine);
        Judge = new Judge(laws);
        Trace = new Trace(System.Clock, listener);
        Judge.Told = Trace.Broken;
        Effects = new Effects(Counts);
        Ground = new TrialGround(this);
        Network = new VirtualNetwork(System.Clock, plan, Counts, Trace, Sent) { IsFire = plan.Fire > TimeSpan.Zero };
        Machines = new Machines(this);
        Ledger = new Ledger(this);
        _dice = new Dice(plan.Random.Stream("world"));
        System.Clock.Order = new MailboxOrder(plan.Random.Stream("order"), plan.Faults.MailboxSpread);
        System.Clock.Wire = Network;
        System.Clock.Taken = Taken;
        System.Clock.Stepped = Stepped;
    }

    public TorturePlan Plan { get; }

    internal VirtualSystem System { get; }

    internal Judge Judge { get; }

    internal Trace Trace { get; }

    internal Effects Effects { get; }

    internal TrialGround Ground { get; }

    internal VirtualNetwork Network { get; }

    internal Machines Machines { get; }

    internal Ledger Ledger { get; }

    internal FaultCounts Counts { get; } = new();

    /// <summary>The engine that is there; <c>null</c>: none is.</summary>
    internal Coordinator? Coordinator { get; private set; }

    internal bool IsUp => Coordinator is not null;

    internal bool IsFire => Network.IsFire;

    internal TimeSpan Now => System.Clock.Now;

    public TortureResult Run()
    {
        try
        {
            Begin();
            while (!_isOver)
                Go();
            End();
        }
        catch (ViolationException broken)
        {
            Judge.Blame(broken.Law, broken.Message[(broken.Law.Length + 2)..], broken.Trial);
        }
        return Result();
    }

    public void Dispose()
    {
        _isOver = true;
        (System.Clock.Wire, System.Clock.Taken, System.Clock.Stepped) = (null, null, null);
        System.Dispose();
        Ledger.Dispose();
    }

    internal void After(TimeSpan time, Action happens) => System.Clock.At(Now + time, EventClass.NodeChanges, ++_number, () =>
    {
        if (!_isOver)
            happens();
    });

    internal Task Release(ReleaseCheckpoints release)
    {
        Ground.Release(release);
        return Task.CompletedTask;
    }

    /// <summary>Events are durable; nobody was told yet.</summary>
    internal void Committed(IReadOnlyList<ExperimentEvent> events)
    {
        for (var index = 0; index < events.Count; index++)
        {
            Trace.Durable(events[index]);
            Take(events[index]);
        }
        Judge.Committed(Now, events);
    }

    void ITestimony.Committed(IReadOnlyList<ExperimentEvent> events)
    {
        _told += events.Count;
        if (_told > Ledger.Count)
            Judge.Blame("nobody is told of what is not durable", $"{_told} events were told of, and {Ledger.Count} are durable");
        if (events[^1] is not ExperimentEnded ended)
            return;
        if (FinalOutcome.IsFinal(ended))
            (_isOver, _outcome) = (true, ended.Outcome);
        else
            _leaves = true;
    }

    void ITestimony.Recovered(IReadOnlyList<ExperimentEvent> events)
    {
        _told = events.Count;
        _isRecoveredEnd = events[^1] is ExperimentEnded ended && FinalOutcome.IsFinal(ended);
    }

    /// <summary>Whoever wants to leave is not kept by a journal that cannot be written: then that is told, and nothing is lost that counted.</summary>
    void ITestimony.Failed(string message)
    {
        if (_isAskedToEnd && Plan.Has(Fault.JournalFails))
            _leaves = true;
        else
            Judge.Blame("the engine does not fail", message);
    }

    void ITestimony.JournalFailed(string message)
    {
        if (!Plan.Has(Fault.JournalFails) && !Plan.Has(Fault.EventsFileTorn))
            Judge.Blame("the engine does not fail", message);
    }

    void ITestimony.Stopped(IActorRef actor)
    {
        if (_isRecoveredEnd && Coordinator?.Experiment.Equals(actor) == true)
            (_isOver, _outcome) = (true, "found ended by the next engine"); // The one before had come to the end, and nobody had heard of it.
        else if (!_leaves && Coordinator is { } here && (actor.Equals(here.Experiment) || actor.Equals(here.Supervisor)))
            Judge.Blame("the engine does not fail", $"{actor.Path.Name} stopped");
        else
            Machines.Ended(actor);
    }

    void ITestimony.Stalled(string? reason)
    {
        if (reason is not null)
            Counts.Take(Fault.JournalFails);
        Trace.Note(reason is null ? "the journal is back" : $"the journal is stalled: {reason}");
    }

    private void Begin()
    {
        Start();
        Every(Plan.Faults.BetweenNodes, Machines.Strike);
        Every(Plan.Faults.BetweenBreaks, Machines.BreakConnection);
        if (Plan.Has(Fault.CoordinatorCrash))
            Every(Plan.Faults.BetweenCrashes, () => _crashIn = _crashIn < 0 ? (int)_dice.Magnitude(1, 300) : _crashIn);
        if (Plan.Has(Fault.UserInterrupts))
            Every(Plan.Faults.BetweenCrashes, Interrupt);
        System.Clock.At(Plan.Fire, EventClass.NodeChanges, ++_number, Calm);
    }

    private void Go()
    {
        _turns = 0;
        System.Clock.Drain();
        Check();
        if (_isOver)
            return;
        if (_leaves && IsUp)
        {
            Effects.Leaves(Fault.UserInterrupts);
            Leave();
        }
        if (Coordinator?.State is { } state)
            Judge.Quiet(Now, state, Coordinator.IsHeld);
        Check();
        if (!System.Clock.Advance())
            throw NotOver("nothing happens any more, and it is not over");
        if (Now > _deadline)
            throw NotOver($"it is not over {Now - Plan.Fire} after the last fault");
    }

    /// <summary>It is about a trial that runs, if any does, or one that waits.</summary>
    private ViolationException NotOver(string why) => new("the experiment comes to its end", $"{why}: {Standing()}")
    {
        Trial = Coordinator?.State is { } state ? state.Running.Concat(state.Trials.Where(trial => trial.Phase == TrialPhase.Pending)).FirstOrDefault()?.Trial : null,
    };

    private void End()
    {
        Settle();
        if (Coordinator?.State is { } state)
            Judge.Ended(Now, Ledger.Events, state);
        if (Judge.Broken is null && !Ledger.IsCopied())
            Judge.Blame("events.jsonl says what the journal says", "it does not");
        Check();
    }

    /// <summary>With the experiment what runs is to end, too: at once, or, where that word was lost or late, when it is said again.</summary>
    private void Settle()
    {
        var bound = _slowestEnd + 3 * Plan.Resend + (IsFire ? Plan.Faults.LongestDelay + Plan.Faults.LongestBreak : TimeSpan.Zero);
        Network.IsFire = false;
        Machines.Calm();
        var until = Now + bound;
        while (Machines.Running is not null && Now < until && System.Clock.Advance())
        {
            _turns = 0;
            System.Clock.Drain();
        }
        if (Machines.Running is { } left)
            Judge.Blame("nothing runs on after the end", $"attempt {left.Attempt} does, {bound} later", left.Trial);
        Check();
    }

    private string Standing() => Coordinator?.State is not { } state ? "no experiment is there"
        : $"{state.Trials.Count} trials, {state.Slots.Present} slots, {state.Slots.Engaged} of them with a job, {state.Retries.Count} jobs to try again, {state.Retries.BackingOff.Count()} that wait for that, {state.FirstResults} first results";

    private void Start()
    {
        Coordinator = new Coordinator(System, Plan.Spec, ++_lives, Plan.Resend, Ledger.Props, Witness.Props(this));
        Network.Found(Coordinator);
        Machines.StartAll();
    }

    /// <summary>The coordinator, and all on its machine, is gone.</summary>
    private void Crash()
    {
        Counts.Inject(Fault.CoordinatorCrash);
        Effects.Leaves(Fault.CoordinatorCrash);
        Trace.Note("the coordinator is lost");
        Leave();
    }

    /// <summary>The user ends the run.</summary>
    private void Interrupt()
    {
        if (Coordinator is not { State: not null } here || _isAskedToEnd)
            return;
        Counts.Inject(Fault.UserInterrupts);
        _isAskedToEnd = true;
        here.Experiment.Tell(new StopExperiment(_dice.Pick(FinalOutcome.Interrupted, FinalOutcome.Paused), "by the user"), ActorRefs.NoSender);
    }

    private void Leave()
    {
        (_crashIn, _leaves, _isAskedToEnd) = (-1, false, false);
        var live = Coordinator!.State;
        Coordinator.Kill();
        Machines.KillAll();
        Network.Lose();
        Ledger.Crash();
        Coordinator = null;
        if (live is not null)
            Judge.Crashed(Now, Ledger.Events, live);
        After(_dice.Time(TimeSpan.FromMilliseconds(10), Plan.Faults.LongestBreak), () =>
        {
            Ledger.Restart();
            Start();
        });
    }

    /// <summary>The faults stop.</summary>
    private void Calm()
    {
        Trace.Note("calm");
        Network.IsFire = false;
        Machines.Calm();
        _deadline = Now + Patience.Of(Plan);
        if (Coordinator?.State is { } state)
            Judge.Changed(Now, Ledger.Events, state);
    }

    /// <summary>Again and again, at times that are drawn, as long as faults happen.</summary>
    private void Every(TimeSpan mean, Action strike)
    {
        var wait = mean * -Math.Log(1 - _dice.Unit());
        After(wait, () =>
        {
            if (!IsFire)
                return;
            strike();
            Every(mean, strike);
        });
    }

    private void Take(ExperimentEvent happened)
    {
        _coverage.Take(happened);
        Effects.Take(happened);
        switch (happened)
        {
            case JobStarted:
                _jobs++;
                break;
            case ReportAccepted or ReportRejected:
                _reports++;
                break;
            case ExperimentEnded when IsFire && Plan.Has(Fault.CoordinatorCrash) && _dice.Chance(.3):
                _crashIn = _dice.Between(1, 4);
                break;
        }
    }

    private void Sent(object message)
    {
        if (message is ReportStored stored)
            Judge.Acknowledged(Now, stored);
        else if (message is StartJob start)
            Judge.Ordered(Now, start);
        else if (message is ReleaseCheckpoints release)
            Judge.Released(Now, release);
    }

    private void Taken(IActorRef owner, ulong id, Envelope envelope)
    {
        Trace.Taken(owner, id, envelope);
        switch (envelope.Message)
        {
            case NodeReport report when owner.Equals(Coordinator?.Experiment):
                Judge.Arrived(Now, report.Report);
                break;
            case JournalOpened { Events.Count: > 0 } opened when owner.Equals(Coordinator?.Experiment):
                Ledger.Read(opened.Events.Count);
                break;
            case RetireSlot retire:
                Machines.Retire(envelope.Sender, retire.Slot);
                break;
        }
    }

    private void Stepped()
    {
        Check();
        if (_crashIn >= 0 && Coordinator is not null && !_isOver && --_crashIn < 0)
            Crash();
        if (++_turns > MostTurns)
            throw new ViolationException("nothing goes round in circles", $"{MostTurns:#,0} turns of mailboxes at one time");
    }

    private void Check()
    {
        if (Judge.Broken is { } broken)
            throw broken;
    }

    private TortureResult Result()
    {
        var (late, overtaken) = System.Clock.Order!.Counts;
        Counts.Inject(Fault.MailboxOrder, late);
        Counts.Take(Fault.MailboxOrder, overtaken);
        return new TortureResult
        {
            Case = Plan.Case,
            Hash = Trace.Hash,
            Messages = Trace.Messages,
            Events = _jobs + _reports + Counts.AllInjected - late, // A turn that is late is no event.
            Length = Now,
            Faults = Counts,
            Evaluated = [.. Judge.Laws.Select(law => (law.Name, law.Evaluated))],
            Transitions = _coverage.Seen,
            Foreign = System.Clock.Foreign,
            Outcomes = [_outcome],
            Broken = Judge.Broken,
        };
    }
}
