using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Torture.Faults;

namespace Asha.Torture.World;

/// <summary>What becomes of the nodes when their coordinator goes. On one machine they go with it; on others they live on, say what they have to say to nobody, or to the next one, and are told of that by whoever runs them.</summary>
internal sealed class Orphans(TortureWorld world, Machines machines)
{
    private readonly Dice _dice = new(world.Plan.Random.Stream("orphans"));

    /// <summary>The coordinator is gone.</summary>
    public void Lose()
    {
        var isElsewhere = world.IsFire && world.Plan.Has(Fault.NodeOutlives) && _dice.Chance(.6);
        foreach (var life in machines.All.Select(machine => machine.Now).OfType<NodeLife>())
        {
            if (!isElsewhere || life.Connection.IsDead || _dice.Chance(.1))
            {
                machines.Kill(life);
                continue;
            }
            world.Counts.Inject(Fault.NodeOutlives);
            (life.IsOrphan, life.IsDoubted) = (true, false);
        }
    }

    /// <summary>Another one is there, and those that live hear of it at some time.</summary>
    public void Found()
    {
        foreach (var life in machines.All.Select(machine => machine.Now).OfType<NodeLife>().Where(life => life.IsOrphan))
        {
            var wait = _dice.Time(TimeSpan.FromMilliseconds(1), world.Plan.Faults.LongestBreak);
            if (wait >= world.Plan.NodeGrace)
                machines.Harmed(life.Machine); // It is given up before it is back.
            world.After(wait, () => Lead(life));
        }
    }

    /// <summary>It is told of the coordinator that is there. One that is frozen hears of it when it wakes.</summary>
    public void Lead(NodeLife life)
    {
        if (life.IsGone || !life.IsOrphan || life.Connection.IsFrozen || world.Coordinator is not { } next)
            return;
        world.Trace.Note($"{life.Machine.Name} is told of the next coordinator");
        if (next.IsHeadless)
        {
            world.After(world.Plan.Resend, () => Lead(life));
            return;
        }
        life.IsOrphan = false;
        // Its slots keep their numbers, or it asks for new ones.
        if (_dice.Chance(next.TakesOver ? .8 : .3))
            next.Supervisor.Tell(new MeetNode(life.Actor), ActorRefs.NoSender);
        else
            Join(life, next.Supervisor);
        next.Watch(life.Actor);
        world.Effects.Expect(Fault.NodeOutlives, life.Machine.Name);
    }

    /// <summary>Whoever asks for new slots gives up those that it had, and what runs there.</summary>
    private void Join(NodeLife life, IActorRef supervisor)
    {
        machines.Harmed(life.Machine);
        life.Actor.Tell(new JoinNext(supervisor), ActorRefs.NoSender);
    }
}
