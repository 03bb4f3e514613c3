using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Core.Experiments;
using Asha.Torture.Faults;

namespace Asha.Torture.World;

/// <summary>The user ends the run: to go on with it later, with more or less patience, or for good.</summary>
internal sealed class User(TortureWorld world)
{
    private readonly Dice _dice = new(world.Plan.Random.Stream("user"));

    /// <summary>What the engine that is there was asked for; <c>null</c>: nothing.</summary>
    public Fault? Asked { get; private set; }

    /// <summary>Some users do it once, some time before the faults stop.</summary>
    public void Begin()
    {
        if (world.Plan.Has(Fault.UserCancels) && _dice.Chance(.3))
            world.After(world.Plan.Fire * _dice.Unit(), Cancel);
    }

    public void Interrupt()
    {
        if (world.Coordinator is not { State: not null } here || Asked is not null)
            return;
        Ask(here, Fault.UserInterrupts, new StopExperiment(world.Dice.Pick(FinalOutcome.Interrupted, FinalOutcome.Paused), "by the user"));
        if (world.Plan.Has(Fault.UserInsists) && _dice.Chance(.6))
            InsistLater(here);
    }

    /// <summary>The engine is gone: another one was asked for nothing.</summary>
    public void Forget() => Asked = null;

    private void Cancel()
    {
        if (world.IsFire && world.Coordinator is { State.Ended: null } here)
            Ask(here, Fault.UserCancels, new StopExperiment(FinalOutcome.Cancelled, "by the user"));
    }

    /// <summary>Again, and again, until it is over; from some time on for the end at once.</summary>
    private void InsistLater(Coordinator here) => world.After(_dice.Time(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(20)), () =>
    {
        if (!world.IsFire || world.Coordinator != here || here.State is not { Ended: null })
            return;
        Ask(here, Fault.UserInsists, new StopExperiment(FinalOutcome.Interrupted, "by the user", AtOnce: _dice.Chance(.6)));
        InsistLater(here);
    });

    private void Ask(Coordinator here, Fault kind, StopExperiment stop)
    {
        world.Counts.Inject(kind);
        world.Trace.Note($"{KindNames.NameOf(kind)}: {stop.Outcome}{(stop.AtOnce ? ", at once" : "")}");
        Asked ??= kind;
        world.Judge.Asked(world.Now, stop);
        here.Experiment.Tell(stop, ActorRefs.NoSender);
    }
}
