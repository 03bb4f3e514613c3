using Akka.Actor;
using Akka.Configuration;
using Asha.Actors;
using Asha.Actors.Messages;
using Asha.Actors.Simulation;
using Asha.Core.Experiments;
using Asha.Torture.Faults;
using Asha.Torture.Invariants;
using Asha.Torture.Network;

namespace Asha.Torture.World;

/// <summary>
/// One seed's world: an experiment of real actors on a virtual clock, and all that happens to it. First the fire, in which faults happen and the laws hold all the same; then calm, in which it must come to its end.
/// </summary>
public sealed class TortureWorld : ITestimony, IDisposable
{
    /// <summary>So many turns of mailboxes at one time mean that something goes round in circles.</summary>
    private const int MostTurns = 1_000_000;

    private static readonly Config _engine = ConfigurationFactory.ParseString("akka.loglevel = ERROR").WithFallback(AshaActors.Configuration());

    private readonly Coverage _coverage = new();
    private readonly Dice _dice;
    private long _number, _jobs, _reports;
    private int _lives, _turns;
    private TimeSpan _deadline = TimeSpan.MaxValue;
    private string _outcome = "";
    private bool _isOver;

    /// <param name="plan">What was drawn.</param>
    /// <param name="laws">Judge what happens.</param>
    /// <param name="listener">Told of everything, in words; <c>null</c>: nobody is.</param>
    public TortureWorld(TorturePlan plan, IReadOnlyList<Invariant> laws, Action<TimeSpan, string>? listener = null)
    {
        Plan = plan;
        System = new VirtualSystem(_engine);
        Judge = new Judge(laws);
        Trace = new Trace(System.Clock, listener);
        Effects = new Effects(Counts);
        Ground = new TrialGround(this);
        Network = new VirtualNetwork(System.Clock, plan, Counts, Sent);
        Machines = new Machines(this);
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

    void ITestimony.Committed(IReadOnlyList<ExperimentEvent> events)
    {
        for (var index = 0; index < events.Count; index++)
            Take(events[index]);
        Judge.Committed(Now, events);
    }

    void ITestimony.Recovered(IReadOnlyList<ExperimentEvent> events)
    {
    }

    void ITestimony.Failed(string message) => Judge.Blame("the engine does not fail", message);

    void ITestimony.Stopped(IActorRef actor)
    {
        if (Coordinator is { } here && (actor.Equals(here.Experiment) || actor.Equals(here.Supervisor)))
            Judge.Blame("the engine does not fail", $"{actor.Path.Name} stopped");
        else
            Machines.Ended(actor);
    }

    void ITestimony.Stalled(string? reason) => Trace.Note(reason is null ? "the journal is back" : $"the journal is stalled: {reason}");

    private void Begin()
    {
        Start();
        Every(Plan.Faults.BetweenNodes, Machines.Strike);
        Every(Plan.Faults.BetweenBreaks, Machines.BreakConnection);
        System.Clock.At(Plan.Fire, EventClass.NodeChanges, ++_number, Calm);
    }

    private void Go()
    {
        _turns = 0;
        System.Clock.Drain();
        Check();
        if (_isOver)
            return;
        if (Coordinator?.State is { } state)
            Judge.Quiet(Now, state, isHeld: false);
        Check();
        if (!System.Clock.Advance())
            throw new ViolationException("the experiment comes to its end", "nothing happens any more, and it is not over");
        if (Now > _deadline)
            throw new ViolationException("the experiment comes to its end", $"it is not over {Now - Plan.Fire} after the last fault");
    }

    private void End()
    {
        if (Coordinator?.State is { } state)
            Judge.Ended(Now, [], state);
        Check();
    }

    private void Start()
    {
        Coordinator = new Coordinator(System, Plan.Spec, ++_lives, journal: null, Witness.Props(this));
        Network.Found(Coordinator);
        Machines.StartAll();
    }

    /// <summary>The faults stop.</summary>
    private void Calm()
    {
        Trace.Note("calm");
        Network.IsFire = false;
        Machines.Calm();
        _deadline = Now + Patience.Of(Plan);
        if (Coordinator?.State is { } state)
            Judge.Changed(Now, [], state);
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
            case ExperimentEnded ended when FinalOutcome.IsFinal(ended):
                (_isOver, _outcome) = (true, ended.Outcome);
                break;
        }
    }

    private void Sent(object message)
    {
        if (message is ReportStored stored)
            Judge.Acknowledged(Now, stored);
        else if (message is StartJob start)
            Judge.Ordered(Now, start);
    }

    private void Taken(IActorRef owner, ulong id, Envelope envelope)
    {
        Trace.Taken(owner, id, envelope);
        switch (envelope.Message)
        {
            case NodeReport report when owner.Equals(Coordinator?.Experiment):
                Judge.Arrived(Now, report.Report);
                break;
            case RetireSlot retire:
                Machines.Retire(envelope.Sender, retire.Slot);
                break;
        }
    }

    private void Stepped()
    {
        Check();
        if (++_turns > MostTurns)
            throw new ViolationException("nothing goes round in circles", $"{MostTurns:#,0} turns of mailboxes at one time");
    }

    private void Check()
    {
        if (Judge.Broken is { } broken)
            throw broken;
    }

    private TortureResult Result() => new()
    {
        Case = Plan.Case,
        Hash = Trace.Hash,
        Messages = Trace.Messages,
        Events = _jobs + _reports + Counts.AllInjected,
        Length = Now,
        Faults = Counts,
        Evaluated = [.. Judge.Laws.Select(law => (law.Name, law.Evaluated))],
        Transitions = _coverage.Seen,
        Foreign = System.Clock.Foreign,
        Outcome = _outcome,
        Broken = Judge.Broken,
    };
}
