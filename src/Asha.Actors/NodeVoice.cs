using Akka.Actor;
using Asha.Actors.Messages;

namespace Asha.Actors;

/// <summary>Node to its uplink: say this, in my name. It may be lost: what matters is said again.</summary>
/// <param name="To">Whom; <see cref="ActorRefs.Nobody"/>: the supervisor, wherever it is.</param>
public sealed record Outward(IActorRef To, IWireMessage Message) : INoSerializationVerificationNeeded;

/// <summary>How a node speaks to experiments and to the supervisor: itself, or through its uplink.</summary>
/// <param name="uplink">As of its setup.</param>
internal sealed class NodeVoice(IActorRef? uplink)
{
    /// <summary>Says it in the node's name, whose actor is at work now.</summary>
    public void Say(IActorRef to, IWireMessage message)
    {
        if (uplink is null)
            to.Tell(message);
        else
            uplink.Tell(new Outward(to, message));
    }
}
