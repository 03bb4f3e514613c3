using Akka.Actor;
using Asha.Torture.Faults;

namespace Asha.Torture.World;

/// <summary>Engines that only seem to be lost, and do not know: another follows, and for a while they go on.</summary>
internal sealed class Zombies(TortureWorld world)
{
    private readonly List<(Coordinator Engine, MutedHearing Hearing)> _all = [];

    public bool Any => _all.Count > 0;

    public bool Has(IActorRef experiment) => _all.Exists(zombie => experiment.Equals(zombie.Engine.Experiment));

    /// <summary>It speaks on.</summary>
    public void Add(Coordinator engine, MutedHearing hearing, Dice dice)
    {
        world.Counts.Inject(Fault.Zombie);
        world.Trace.Note("it speaks on");
        hearing.IsMuted = true;
        hearing.Refused = () => world.Counts.Take(Fault.Zombie);
        var zombie = (engine, hearing);
        _all.Add(zombie);
        world.Ledger.Part();
        world.After(world.Plan.Faults.LongestBreak + dice.Time(TimeSpan.FromSeconds(1), world.Plan.Faults.LongestBreak), () => Bury(zombie));
    }

    /// <summary>All of them are gone.</summary>
    public void BuryAll()
    {
        foreach (var zombie in _all.ToArray())
            Bury(zombie);
    }

    private void Bury((Coordinator Engine, MutedHearing Hearing) zombie)
    {
        if (_all.Remove(zombie))
            zombie.Engine.Kill();
    }
}
