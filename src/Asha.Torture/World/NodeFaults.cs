using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Torture.Faults;

namespace Asha.Torture.World;

/// <summary>What happens to nodes and to their connections while faults happen, and how it ends with them.</summary>
internal sealed class NodeFaults(TortureWorld world, Machines machines)
{
    /// <summary>No more machines than these join.</summary>
    private const int MostMachines = 8;

    private static readonly Fault[] _kinds = [Fault.NodeCrash, Fault.NodeSilent, Fault.NodeFrozen, Fault.NodeFails, Fault.NodeLeaves, Fault.NodeJoins];

    private readonly Dice _dice = machines.Dice;
    private readonly Dice _between = new(world.Plan.Random.Stream("between"));

    /// <summary>A fault of some node.</summary>
    public void Strike()
    {
        Fault[] kinds = [.. _kinds.Where(world.Plan.Has)];
        if (kinds.Length == 0 || world.Coordinator is null)
            return;
        var kind = _dice.Pick<Fault>(kinds);
        if (kind == Fault.NodeJoins)
        {
            if (machines.All.Count < MostMachines)
                Join();
            return;
        }
        NodeLife[] whole = [.. machines.All.Select(machine => machine.Now).OfType<NodeLife>().Where(life => life is { IsDoubted: false, IsLeaving: false, IsOrphan: false, Connection: { IsFrozen: false, IsDead: false, IsCut: false } })];
        if (whole.Length > 0)
            Strike(kind, _dice.Pick<NodeLife>(whole));
    }

    /// <summary>A connection breaks: for a while messages lose their order.</summary>
    public void BreakConnection()
    {
        NodeLife[] there = [.. machines.All.Select(machine => machine.Now).OfType<NodeLife>()];
        if (world.Plan.Has(Fault.Reordered) && there.Length > 0)
            _dice.Pick<NodeLife>(there).Connection.BrokenUntil = world.Now + _dice.Time(TimeSpan.FromMilliseconds(10), world.Plan.Faults.LongestBreak);
        if (world.Plan.Has(Fault.Reordered) && world.Engines.IsClustered && _between.Chance(.3))
            world.Network.Between.BrokenUntil = world.Now + _between.Time(TimeSpan.FromMilliseconds(10), world.Plan.Faults.LongestBreak);
    }

    /// <summary>No more faults: whoever does not answer does so again, or is given up; and each machine has a node with slots.</summary>
    public void Calm()
    {
        foreach (var machine in machines.All)
        {
            Mend(machine);
            if (machine.Now is { Connection.IsFrozen: true } frozen)
                Wake(frozen, joins: true);
            if (machine.Now is { IsOrphan: true } orphan)
                world.Orphans.Lead(orphan);
            if (machine.Now is { } life && (life.Connection.IsDead || life.IsDoubted || life.Retired.Count == machine.Slots))
                machines.Kill(life);
            if (machine.Now is null && world.Coordinator is not null)
                machines.StartLater(machine);
        }
    }

    private void Strike(Fault kind, NodeLife life)
    {
        if (kind != Fault.NodeFails) // Counted with each attempt that it fails.
            world.Counts.Inject(kind);
        world.Trace.Note($"{KindNames.NameOf(kind)} {life.Machine.Name}");
        switch (kind)
        {
            case Fault.NodeCrash:
                world.Effects.Expect(kind, life.Machine.Name);
                machines.Restart(life);
                break;
            case Fault.NodeSilent:
                world.Effects.Expect(kind, life.Machine.Name);
                machines.Vanish(life);
                world.After(Pause(), () => Doubt(life));
                world.After(Pause() * 2, () => machines.Restart(life));
                break;
            case Fault.NodeFrozen:
                world.Effects.Expect(kind, life.Machine.Name);
                machines.Harmed(life.Machine);
                life.Connection.IsFrozen = true;
                var (doubted, woken) = (Pause(), Pause() * 1.5);
                world.After(doubted, () => Doubt(life));
                world.After(woken, () => Wake(life, joins: _dice.Chance(.7)));
                break;
            case Fault.NodeFails:
                life.Machine.IsBroken = true;
                world.After(Pause() * 2, () => Mend(life.Machine));
                break;
            case Fault.NodeLeaves:
                machines.Harmed(life.Machine);
                life.IsLeaving = true;
                life.Actor.Tell(DrainNode.Now, ActorRefs.NoSender);
                break;
        }
    }

    private void Join()
    {
        var machine = machines.Add(_dice.Between(1, 4));
        world.Counts.Inject(Fault.NodeJoins);
        world.Effects.Expect(Fault.NodeJoins, machine.Name);
        machines.Start(machine);
    }

    /// <summary>The supervisor hears of it only while it does not answer.</summary>
    /// <returns>Whether it does.</returns>
    public bool Doubt(NodeLife life)
    {
        if (life.IsGone || life.IsDoubted || life.IsOrphan || life.Connection is { IsFrozen: false, IsDead: false, IsCut: false } || world.Coordinator is not { } coordinator)
            return false;
        life.IsDoubted = true;
        coordinator.Supervisor.Tell(new NodeUnreachable(life.Actor), ActorRefs.NoSender);
        return true;
    }

    /// <summary>It answers again: one that was given up meanwhile joins anew, or goes.</summary>
    public void Return(NodeLife life, bool joins)
    {
        if (life.IsGone || !life.IsDoubted)
            return;
        if (joins)
        {
            life.IsDoubted = false;
            life.Actor.Tell(JoinAgain.Now, ActorRefs.NoSender);
            return;
        }
        world.After(Pause(), () => machines.Restart(life));
    }

    private void Mend(Machine machine)
    {
        if (machine.IsBroken)
            world.Trace.Note($"{machine.Name} is mended");
        machine.IsBroken = false;
    }

    private void Wake(NodeLife life, bool joins)
    {
        if (life.IsGone || !life.Connection.IsFrozen)
            return;
        world.Trace.Note($"{life.Machine.Name} wakes");
        world.Network.Thaw(life.Connection);
        world.Orphans.Lead(life);
        Return(life, joins);
    }

    private TimeSpan Pause() => _dice.Time(TimeSpan.FromMilliseconds(100), world.Plan.Faults.LongestBreak);
}
