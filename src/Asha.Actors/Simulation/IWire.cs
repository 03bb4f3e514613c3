using Akka.Actor;

namespace Asha.Actors.Simulation;

/// <summary>What lies between the actors of a virtual world: it may take a message out of the way to its receiver, and have it told later, more than once, or never.</summary>
internal interface IWire
{
    /// <summary>Whether it has taken the message; <c>false</c>: it arrives now.</summary>
    bool Takes(IActorRef receiver, Envelope envelope);
}
