using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Torture.Faults;

namespace Asha.Torture.World;

/// <summary>
/// The engines of a seed, one after the other, each going on from the journal of the one before: a crash between any two turns of mailboxes ends one, or the user does. Where supervisor and experiment are on two machines, the next one takes over,
/// or the supervisor is lost alone.
/// </summary>
internal sealed class Engines(TortureWorld world)
{
    private readonly Dice _dice = new(world.Plan.Random.Stream("takeovers"));
    private readonly Zombies _zombies = new(world);
    private MutedHearing _hearing = null!;
    private readonly Lazy<IActorRef> _proxy = new(() => world.System.Actors.ActorOf(SupervisorProxy.Props(() => world.Coordinator is { IsHeadless: false } here ? here.Supervisor : null), "supervisor"));
    private readonly Lazy<IActorRef> _registry = new(() => world.System.Actors.ActorOf(RunRegistry.Props(() => world.IsOver), "registry"));
    private int _lives, _epoch;
    private bool _beganBesideZombies;

    /// <summary>So many turns until it is lost; below 0: it is not.</summary>
    private int _crashIn = -1;

    /// <summary>Its own end is written: it is to be gone on with, and goes.</summary>
    private bool _leaves;

    /// <summary>The one that is there; <c>null</c>: none is.</summary>
    public Coordinator? Now { get; private set; }

    /// <summary>Whether supervisor and experiments are on machines of their own.</summary>
    public bool IsClustered => world.Plan.Has(Fault.Takeover) || world.Plan.Has(Fault.SupervisorLost);

    public IActorRef Proxy => _proxy.Value;

    /// <summary>It is about to go by itself.</summary>
    public bool Leaves => _leaves;

    /// <summary>Whether one that is followed by another speaks on, or did when this one began: it may have written what this one does not know yet.</summary>
    public bool HasZombies => _zombies.Any || _beganBesideZombies;

    /// <summary>Whether it is the experiment of an engine that lives, followed by another or not.</summary>
    public bool IsThere(IActorRef experiment) => experiment.Equals(Now?.Experiment) || _zombies.Has(experiment);

    public void Start(bool takesOver = true)
    {
        _hearing = new MutedHearing(world.Hearing);
        _beganBesideZombies = _zombies.Any;
        Now = new Coordinator(world.System, world.Plan, ++_lives, ++_epoch, takesOver && IsClustered, _proxy.Value, _registry.Value, world.Ledger.Writer(), Witness.Props(_hearing));
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

    /// <summary>The experiment has ended, and goes.</summary>
    public void Go() => Now?.Go();

    /// <summary>The supervisor is lost, and the experiment is not.</summary>
    public void LoseSupervisor()
    {
        if (Now is not { TakesOver: true, IsHeadless: false } here)
            return;
        world.Counts.Inject(Fault.SupervisorLost);
        world.Trace.Note("the supervisor is lost");
        here.LoseSupervisor();
        world.After(_dice.Time(TimeSpan.FromMilliseconds(10), world.Plan.Faults.LongestBreak), () => FindSupervisor(here));
    }

    /// <summary>The faults stop: whoever speaks on though another has followed is gone, and there is a supervisor.</summary>
    public void Calm()
    {
        _zombies.BuryAll();
        if (Now is { IsHeadless: true } here)
            FindSupervisor(here);
    }

    private void FindSupervisor(Coordinator here)
    {
        if (Now != here || !here.IsHeadless)
            return;
        here.FindSupervisor(++_epoch);
        world.Trace.Note($"supervisor {_epoch}");
        world.Effects.ExpectReopening();
        foreach (var life in world.Machines.All.Select(machine => machine.Now).OfType<NodeLife>().Where(life => !life.Connection.IsDead && !life.IsOrphan))
            here.Supervisor.Tell(new MeetNode(life.Actor), ActorRefs.NoSender);
        // Otherwise it finds out by itself.
        if (_dice.Chance(.5))
            here.Experiment.Tell(new ReopenExperiment(_epoch), here.Supervisor);
    }

    /// <summary>It is gone, and perhaps nodes with it.</summary>
    private void Crash()
    {
        world.Counts.Inject(Fault.CoordinatorCrash);
        world.Effects.Leaves(Fault.CoordinatorCrash);
        world.Trace.Note("the coordinator is lost");
        Leave(isLost: true);
    }

    private void Leave(bool isLost = false)
    {
        (_crashIn, _leaves) = (-1, false);
        world.User.Forget();
        var live = Now!.State;
        var takesOver = isLost && world.Plan.Has(Fault.Takeover) && _dice.Chance(.7);
        var speaksOn = takesOver && live is not null && world.IsFire && world.Plan.Has(Fault.Zombie) && _dice.Chance(.5);
        if (speaksOn)
        {
            _zombies.Add(Now, _hearing, _dice);
        }
        else
        {
            // With it goes whoever was before: the database knows of one writer's crash at a time.
            _zombies.BuryAll();
            Now.Kill();
            world.Ledger.Crash();
        }
        world.Orphans.Lose();
        world.Network.Lose();
        Now = null;
        if (live is not null)
            world.Judge.Crashed(world.Now, world.Ledger.Events, live);
        if (takesOver)
            world.Counts.Inject(Fault.Takeover);
        world.After(world.Dice.Time(TimeSpan.FromMilliseconds(10), world.Plan.Faults.LongestBreak), () =>
        {
            if (!speaksOn)
                world.Ledger.Restart();
            Start(takesOver || !isLost);
        });
    }
}
