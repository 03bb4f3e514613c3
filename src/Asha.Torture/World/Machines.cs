using Akka.Actor;
using Asha.Actors;
using Asha.Actors.Execution;
using Asha.Actors.Simulation;
using Asha.Torture.Faults;
using Asha.Torture.Invariants;
using Asha.Torture.Trials;

namespace Asha.Torture.World;

/// <summary>The machines, and the lives of the nodes on them, one after the other.</summary>
internal sealed class Machines
{
    private readonly TortureWorld _world;
    private readonly List<Machine> _all = [];
    private readonly Dictionary<IActorRef, NodeLife> _lives = [];

    public Machines(TortureWorld world)
    {
        _world = world;
        Dice = new Dice(world.Plan.Random.Stream("machines"));
        foreach (var slots in world.Plan.Nodes)
            Add(slots);
    }

    /// <summary>Of all that happens to them.</summary>
    public Dice Dice { get; }

    /// <summary>Each that there is, off or not.</summary>
    public IReadOnlyList<Machine> All => _all;

    private VirtualSystem System => _world.System;

    private TorturePlan Plan => _world.Plan;

    /// <summary>All of them start, one after the other.</summary>
    public void StartAll()
    {
        foreach (var machine in _all.Where(machine => machine.Now is null))
            After(Dice.Chance(.5) ? TimeSpan.Zero : Dice.Time(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(3)), () => Start(machine));
    }

    /// <summary>The actor of a node has ended.</summary>
    public void Ended(IActorRef actor)
    {
        if (!_lives.TryGetValue(actor, out var life) || life.IsGone)
            return;
        if (!life.IsLeaving)
            _world.Judge.Blame("a node ends only if it is told to", $"{life.Machine.Name} stopped by itself");
        _world.Counts.Take(Fault.NodeLeaves);
        Restart(life);
    }

    /// <summary>An attempt that runs on a machine that is not off; <c>null</c>: none does.</summary>
    public VirtualAttempt? Running => _lives.Values.Where(life => !life.Connection.IsDead).SelectMany(life => life.Runners).Select(runner => runner.Running).FirstOrDefault(attempt => attempt is not null);

    /// <summary>Another one, with so many slots.</summary>
    public Machine Add(int slots)
    {
        var machine = new Machine(_all.Count, slots);
        _all.Add(machine);
        return machine;
    }

    /// <summary>A slot of a node runs nothing any more.</summary>
    public void Retire(IActorRef node, int slot)
    {
        if (!_lives.TryGetValue(node, out var life) || !life.Retired.Add(slot) || life.Retired.Count < life.Machine.Slots)
            return;
        // A machine none of whose slots can be used any more is started anew by whoever runs it.
        After(TimeSpan.FromSeconds(1), () => Restart(life));
    }

    public void Start(Machine machine)
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
        var setup = new NodeSetup(machine.Name, [.. Enumerable.Repeat(new SlotResources([], []), machine.Slots)], Slot, _world.Ground.Release, Plan.Resend);
        var actor = System.Actors.ActorOf(NodeActor.Props(setup, coordinator.Supervisor), $"{machine.Name}-life-{number}");
        machine.Now = _lives[actor] = new NodeLife(machine, number, actor, _world.Network.Connect(actor, () => Harmed(machine)), runners);
        coordinator.Watch(actor);
    }

    public void StartLater(Machine machine) => After(Dice.Time(TimeSpan.FromMilliseconds(100), Plan.Faults.LongestBreak), () => Start(machine));

    /// <summary>The machine goes off, unless it has already, and another node comes up later.</summary>
    public void Restart(NodeLife life)
    {
        if (life.IsGone)
            return;
        Kill(life);
        StartLater(life.Machine);
    }

    /// <summary>The machine is off: its actors hear and say nothing any more.</summary>
    public void Vanish(NodeLife life)
    {
        Harmed(life.Machine);
        life.Connection.IsDead = true;
        foreach (var runner in life.Runners)
            runner.Die();
    }

    /// <summary>Something happens that others may take for the end of the node that is on it.</summary>
    public void Harmed(Machine machine) => _world.Judge.Harmed(_world.Now, machine.Name);

    public void Kill(NodeLife life)
    {
        if (life.IsGone)
            return;
        Vanish(life);
        life.IsGone = true;
        life.Machine.Now = null;
        System.End(life.Actor);
    }

    private void After(TimeSpan time, Action happens) => _world.After(time, happens);
}
