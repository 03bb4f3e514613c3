using Akka.Actor;
using Asha.Torture.Faults;

namespace Asha.Torture.Network;

/// <summary>A message on its way.</summary>
/// <param name="number">They are numbered in the order in which they were sent.</param>
internal sealed class Letter(long number, IActorRef to, object message, IActorRef sender)
{
    public long Number => number;

    public IActorRef To => to;

    public object Message => message;

    public IActorRef Sender => sender;

    /// <summary>What was done to it.</summary>
    public Fault? Done { get; init; }

    /// <summary>Whether it waits for those that were sent before.</summary>
    public bool IsOrdered { get; init; } = true;
}
