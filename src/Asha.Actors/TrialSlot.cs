using Akka.Actor;
using Asha.Actors.Execution;

namespace Asha.Actors;

/// <summary>A slot of a node, which alone speaks to it. What comes of an attempt the node hears in <see cref="AttemptReport"/> and <see cref="AttemptGone"/>.</summary>
public interface ISlot
{
    void Run(RunAttempt run);

    void End(EndAttempt end);
}

/// <summary>A slot on which a <see cref="TrialActor"/> runs attempts.</summary>
public sealed class TrialSlot : ISlot
{
    private readonly IActorRef _trial;

    private TrialSlot(IActorRef trial)
    {
        _trial = trial;
    }

    /// <summary>Makes the slots of a node: an actor each, a child of the node, which watches it.</summary>
    public static Func<IActorContext, int, ISlot> Running(ITrialRunner runner)
        => (node, slot) => new TrialSlot(node.Watch(node.ActorOf(TrialActor.Props(runner), $"slot-{slot}")));

    public void Run(RunAttempt run) => _trial.Tell(run);

    public void End(EndAttempt end) => _trial.Tell(end);
}
