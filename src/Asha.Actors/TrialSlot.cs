using Akka.Actor;
using Asha.Actors.Execution;
using Asha.Actors.Messages;

namespace Asha.Actors;

/// <summary>A slot of a node, which alone speaks to it. What comes of an attempt the node hears in <see cref="AttemptReport"/> and <see cref="AttemptGone"/>.</summary>
public interface ISlot
{
    /// <summary>Runs an attempt.</summary>
    /// <param name="experiment">Who gave the job; another may hear of its end.</param>
    /// <param name="start">The job.</param>
    void Run(IActorRef experiment, StartJob start);

    /// <summary>Ends an attempt, whether it runs or waits.</summary>
    void End(string run, int trial, int attempt);
}

/// <summary>A slot on which a <see cref="TrialActor"/> runs attempts.</summary>
public sealed class TrialSlot : ISlot
{
    private readonly IActorRef _trial;
    private readonly SlotResources _resources;

    private TrialSlot(IActorRef trial, SlotResources resources)
    {
        (_trial, _resources) = (trial, resources);
    }

    /// <summary>Makes the slots of a node: an actor each, a child of the node, which watches it.</summary>
    public static SlotMaker Running(ITrialRunner runner)
        => (node, slot, resources) => new TrialSlot(node.Watch(node.ActorOf(TrialActor.Props(runner), $"slot-{slot}")), resources);

    public void Run(IActorRef experiment, StartJob start) => _trial.Tell(new RunAttempt(start.Run, new TrialLaunch
    {
        Trial = start.Trial,
        Attempt = start.Attempt,
        RetryReason = start.RetryReason,
        Seed = start.Seed,
        Configuration = start.Parameters,
        Start = start.Start,
        Target = start.Goal ?? start.Target,
        Resume = start.Checkpoint,
        Cpus = _resources.Cpus,
        Gpus = _resources.Gpus,
        Run = start.Run,
        Program = start.Program,
        Holder = start.Holder,
    }, start.Target, start.GoesOn));

    public void End(string run, int trial, int attempt) => _trial.Tell(new EndAttempt(run, trial, attempt));
}

/// <summary>Makes a slot of a node, numbered from 0.</summary>
public delegate ISlot SlotMaker(IActorContext node, int slot, SlotResources resources);
