using Akka.Actor;
using Asha.Actors.Messages;

namespace Asha.Torture.World;

/// <summary>What a cluster's registry says of the run: whether it is over. Whoever has something of it yet, a node or the supervisor, hears so.</summary>
internal sealed class RunRegistry(Func<bool> isOver) : UntypedActor
{
    /// <summary>The run has come to its end: its slots are free, also where its own word of that was lost.</summary>
    /// <param name="Supervisor">Gives them out.</param>
    internal sealed record Settle(string Run, IActorRef Supervisor) : INoSerializationVerificationNeeded;

    public static Props Props(Func<bool> isOver) => Akka.Actor.Props.Create(() => new RunRegistry(isOver));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case RunNotOpen asked when isOver():
                asked.Node.Tell(new RunIsOver(asked.Run));
                break;
            case ExperimentAway away when isOver():
                Sender.Tell(new CloseExperiment(away.Run));
                break;
            case Settle settle:
                settle.Supervisor.Tell(new CloseExperiment(settle.Run));
                break;
        }
    }
}
