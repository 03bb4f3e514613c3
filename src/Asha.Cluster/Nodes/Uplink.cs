using Akka.Actor;
using Asha.Actors;
using Asha.Actors.Messages;

namespace Asha.Cluster.Nodes;

/// <summary>To the uplink: from now on this is the link; <c>null</c>: there is none.</summary>
internal sealed record UseLink(IActorRef? Link) : INoSerializationVerificationNeeded;

/// <summary>Beside the NodeActor, in the same actor system: carries what it says to the link that there is at the moment. Without one it is lost, and said again.</summary>
internal sealed class Uplink : UntypedActor
{
    private IActorRef? _link;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case UseLink use:
                _link = use.Link;
                break;
            case Outward:
                _link?.Tell(message);
                break;
            default:
                Unhandled(message);
                break;
        }
    }
}

/// <summary>
/// The node as the others see it: an actor of the system that is in the cluster, which is made anew when the others have given it up; the NodeActor and its trials are of another system, and live on. What comes in it hands on as it came, what the NodeActor
/// says goes out in this one's name.
/// </summary>
/// <param name="node">The NodeActor.</param>
/// <param name="supervisor">The way to the supervisor.</param>
internal sealed class NodeLink(IActorRef node, IActorRef supervisor) : UntypedActor
{
    /// <summary>Where the others find it.</summary>
    public const string Name = "node";

    public static Props Props(IActorRef node, IActorRef supervisor) => Akka.Actor.Props.Create(() => new NodeLink(node, supervisor));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Outward { To: var to, Message: var said }:
                (to.IsNobody() ? supervisor : Mine(to)).Tell(said, Self);
                break;
            case LeaveWhenIdle:
                node.Tell(DrainNode.Now);
                break;
            case IWireMessage heard:
                node.Tell(heard, Sender);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>Whom the NodeActor knows by a system that has ended, this one can still reach.</summary>
    private static IActorRef Mine(IActorRef to)
    {
        var provider = ((ExtendedActorSystem)Context.System).Provider;
        return to is IInternalActorRef known && known.Provider != provider ? provider.ResolveActorRef(to.Path.ToSerializationFormat()) : to;
    }
}
