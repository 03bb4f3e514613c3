using Asha.Torture.Faults;

namespace Asha.Torture.World;

/// <summary>The engines of a seed, one after the other, each going on from the journal of the one before: a crash between any two turns of mailboxes ends one, or the user does.</summary>
internal sealed class Engines(TortureWorld world)
{
    private int _lives;

    /// <summary>So many turns until it is lost; below 0: it is not.</summary>
    private int _crashIn = -1;

    /// <summary>Its own end is written: it is to be gone on with, and goes.</summary>
    private bool _leaves;

    /// <summary>The one that is there; <c>null</c>: none is.</summary>
    public Coordinator? Now { get; private set; }

    /// <summary>It is about to go by itself.</summary>
    public bool Leaves => _leaves;

    public void Start()
    {
        Now = new Coordinator(world.System, world.Plan.Spec, ++_lives, world.Plan.Resend, world.Ledger.Props, Witness.Props(world.Hearing));
        world.Network.Found(Now);
        world.Machines.StartAll();
        world.Orphans.Found();
    }

    /// <summary>It is lost some turns from now, in the midst of whatever it does then.</summary>
    public void CrashSoon() => _crashIn = _crashIn < 0 ? (int)world.Dice.Magnitude(1, 300) : _crashIn;

    /// <summary>Its end is in the journal: now and then it is lost before it can say so.</summary>
    public void EndIsWritten()
    {
        if (world.IsFire && world.Plan.Has(Fault.CoordinatorCrash) && world.Dice.Chance(.3))
            _crashIn = world.Dice.Between(1, 4);
    }

    /// <summary>A mailbox has had its turn.</summary>
    public void Stepped()
    {
        if (_crashIn >= 0 && Now is not null && --_crashIn < 0)
            Crash();
    }

    /// <summary>It has said its last word.</summary>
    public void IsDone() => _leaves = true;

    /// <summary>If it has, it goes, and another one is to go on.</summary>
    public void LetGo()
    {
        if (!_leaves || Now is null)
            return;
        world.Effects.Leaves(world.User.Asked ?? Fault.UserInterrupts);
        Leave();
    }

    /// <summary>It is gone, and perhaps nodes with it.</summary>
    private void Crash()
    {
        world.Counts.Inject(Fault.CoordinatorCrash);
        world.Effects.Leaves(Fault.CoordinatorCrash);
        world.Trace.Note("the coordinator is lost");
        Leave();
    }

    private void Leave()
    {
        (_crashIn, _leaves) = (-1, false);
        world.User.Forget();
        var live = Now!.State;
        Now.Kill();
        world.Orphans.Lose();
        world.Network.Lose();
        world.Ledger.Crash();
        Now = null;
        if (live is not null)
            world.Judge.Crashed(world.Now, world.Ledger.Events, live);
        world.After(world.Dice.Time(TimeSpan.FromMilliseconds(10), world.Plan.Faults.LongestBreak), () =>
        {
            world.Ledger.Restart();
            Start();
        });
    }
}
