using Akka.Actor;
using Asha.Actors;
using Asha.Actors.Execution;
using Asha.Actors.Messages;
using Asha.Actors.Simulation;
using Asha.Torture.Faults;
using Asha.Torture.Invariants;
using Asha.Torture.Trials;

namespace Asha.Torture.World;

/// <summary>The machines, and what happens to the nodes on them.</summary>
internal sealed class Machines
{
    private readonly TortureWorld _world;
    private readonly Dice _dice;
    private readonly List<Machine> _all = [];
    private readonly Dictionary<IActorRef, NodeLife> _lives = [];

    public Machines(TortureWorld world)
    {
        _world = world;
        _dice = new Dice(world.Plan.Random.Stream("machines"));
        foreach (var slots in world.Plan.Nodes)
            _all.Add(new Machine(_all.Count, slots));
    }

    private VirtualSystem System => _world.System;

    private TorturePlan Plan => _world.Plan;

    /// <summary>All of them start, one after the other.</summary>
    public void StartAll()
    {
        foreach (var machine in _all.Where(machine => machine.Now is null))
            After(_dice.Chance(.5) ? TimeSpan.Zero : _dice.Time(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(3)), () => Start(machine));
    }

    /// <summary>The coordinator's machine is theirs.</summary>
    public void KillAll()
    {
        foreach (var machine in _all.Where(machine => machine.Now is not null))
            Kill(machine.Now!);
    }

    /// <summary>The actor of a node has ended.</summary>
    public void Ended(IActorRef actor)
    {
        if (!_lives.TryGetValue(actor, out var life) || life.IsGone)
            return;
        if (!life.IsLeaving)
            _world.Judge.Blame("a node ends only if it is told to", $"{life.Machine.Name} stopped by itself");
        _world.Counts.Take(Fault.NodeLeaves);
        Kill(life);
        StartLater(life.Machine);
    }

    /// <summary>An attempt that runs on a machine that is not off; <c>null</c>: none does.</summary>
    public VirtualAttempt? Running => _lives.Values.Where(life => !life.Connection.IsDead).SelectMany(life => life.Runners).Select(runner => runner.Running).FirstOrDefault(attempt => attempt is not null);

    /// <summary>A fault of some node.</summary>
    public void Strike()
    {
        Fault[] kinds = [.. ((Fault[])[Fault.NodeCrash, Fault.NodeSilent, Fault.NodeFrozen, Fault.NodeLeaves, Fault.NodeJoins]).Where(Plan.Has)];
        if (kinds.Length == 0 || !_world.IsUp)
            return;
        var kind = _dice.Pick<Fault>(kinds);
        if (kind == Fault.NodeJoins)
        {
            if (_all.Count < 8)
                Join();
            return;
        }
        NodeLife[] whole = [.. _all.Select(machine => machine.Now).OfType<NodeLife>().Where(life => life is { IsDoubted: false, IsLeaving: false, Connection: { IsFrozen: false, IsDead: false } })];
        if (whole.Length > 0)
            Strike(kind, _dice.Pick<NodeLife>(whole));
    }

    /// <summary>A connection breaks: for a while messages lose their order.</summary>
    public void BreakConnection()
    {
        NodeLife[] there = [.. _all.Select(machine => machine.Now).OfType<NodeLife>()];
        if (Plan.Has(Fault.Reordered) && there.Length > 0)
            _dice.Pick<NodeLife>(there).Connection.BrokenUntil = _world.Now + _dice.Time(TimeSpan.FromMilliseconds(10), Plan.Faults.LongestBreak);
    }

    /// <summary>No more faults: whoever does not answer does so again, or is given up; and each machine has a node with slots.</summary>
    public void Calm()
    {
        foreach (var machine in _all)
        {
            if (machine.Now is { Connection.IsFrozen: true } frozen)
                Wake(frozen, joins: true);
            if (machine.Now is { } life && (life.Connection.IsDead || life.IsDoubted || life.Retired.Count == machine.Slots))
                Kill(life);
            if (machine.Now is null && _world.IsUp)
                StartLater(machine);
        }
    }

    public void Retire(IActorRef node, int slot)
    {
        if (!_lives.TryGetValue(node, out var life) || !life.Retired.Add(slot) || life.Retired.Count < life.Machine.Slots)
            return;
        // A machine none of whose slots can be used any more is started anew by whoever runs it.
        After(TimeSpan.FromSeconds(1), () =>
        {
            if (life.IsGone)
                return;
            Kill(life);
            StartLater(life.Machine);
        });
    }

    private void Strike(Fault kind, NodeLife life)
    {
        _world.Counts.Inject(kind);
        _world.Trace.Note($"{KindNames.NameOf(kind)} {life.Machine.Name}");
        switch (kind)
        {
            case Fault.NodeCrash:
                _world.Effects.Expect(kind, life.Machine.Name);
                Kill(life);
                StartLater(life.Machine);
                break;
            case Fault.NodeSilent:
                _world.Effects.Expect(kind, life.Machine.Name);
                Vanish(life);
                After(Pause(), () => Doubt(life));
                After(Pause() * 2, () =>
                {
                    if (life.IsGone)
                        return;
                    Kill(life);
                    StartLater(life.Machine);
                });
                break;
            case Fault.NodeFrozen:
                _world.Effects.Expect(kind, life.Machine.Name);
                life.Connection.IsFrozen = true;
                var (doubted, woken) = (Pause(), Pause() * 1.5);
                After(doubted, () => Doubt(life));
                After(woken, () => Wake(life, joins: _dice.Chance(.7)));
                break;
            case Fault.NodeLeaves:
                life.IsLeaving = true;
                life.Actor.Tell(DrainNode.Now, ActorRefs.NoSender);
                break;
        }
    }

    private void Join()
    {
        var machine = new Machine(_all.Count, _dice.Between(1, 4));
        _all.Add(machine);
        _world.Counts.Inject(Fault.NodeJoins);
        _world.Effects.Expect(Fault.NodeJoins, machine.Name);
        Start(machine);
    }

    /// <summary>The supervisor hears of it only while it does not answer.</summary>
    private void Doubt(NodeLife life)
    {
        if (life.IsGone || life.IsDoubted || life.Connection is { IsFrozen: false, IsDead: false } || _world.Coordinator is not { } coordinator)
            return;
        life.IsDoubted = true;
        coordinator.Supervisor.Tell(new NodeUnreachable(life.Actor), ActorRefs.NoSender);
    }

    private void Wake(NodeLife life, bool joins)
    {
        if (life.IsGone || !life.Connection.IsFrozen)
            return;
        _world.Trace.Note($"{life.Machine.Name} wakes");
        _world.Network.Thaw(life.Connection);
        if (!life.IsDoubted)
            return;
        life.IsDoubted = false;
        if (joins)
        {
            life.Actor.Tell(JoinAgain.Now, ActorRefs.NoSender);
            return;
        }
        life.IsDoubted = true;
        After(Pause(), () =>
        {
            if (life.IsGone)
                return;
            Kill(life);
            StartLater(life.Machine);
        });
    }

    private void Start(Machine machine)
    {
        if (machine.Now is not null || _world.Coordinator is not { } coordinator)
            return;
        var number = ++machine.Lives;
        var runners = new List<VirtualRunner>();
        ISlot Slot(IActorContext node, int slot, SlotResources resources)
        {
            var runner = new VirtualRunner(_world.Ground, new NodeSlot(machine.Number, number, slot));
            runners.Add(runner);
            return new WatchedSlot(TrialSlot.Running(runner)(node, slot, resources), runner);
        }
        var setup = new NodeSetup(machine.Name, [.. Enumerable.Repeat(new SlotResources([], []), machine.Slots)], Slot, _world.Release, Plan.Resend);
        var actor = System.Actors.ActorOf(NodeActor.Props(setup, coordinator.Supervisor), $"{machine.Name}-life-{number}");
        machine.Now = _lives[actor] = new NodeLife(machine, number, actor, _world.Network.Connect(actor), runners);
        coordinator.Watch(actor);
    }

    private void StartLater(Machine machine) => After(_dice.Time(TimeSpan.FromMilliseconds(100), Plan.Faults.LongestBreak), () => Start(machine));

    /// <summary>The machine is off: its actors hear and say nothing any more.</summary>
    private static void Vanish(NodeLife life)
    {
        life.Connection.IsDead = true;
        foreach (var runner in life.Runners)
            runner.Die();
    }

    private void Kill(NodeLife life)
    {
        if (life.IsGone)
            return;
        Vanish(life);
        life.IsGone = true;
        life.Machine.Now = null;
        System.End(life.Actor);
    }

    private TimeSpan Pause() => _dice.Time(TimeSpan.FromMilliseconds(100), Plan.Faults.LongestBreak);

    private void After(TimeSpan time, Action happens) => _world.After(time, happens);
}
