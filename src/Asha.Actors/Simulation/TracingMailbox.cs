using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;

namespace Asha.Actors.Simulation;

/// <summary>A mailbox that tells of every message when an actor takes it out: <see cref="VirtualScheduler.Trace"/>. The actors are as they are.</summary>
public sealed class TracingMailbox(Settings settings, Config config) : MailboxType(settings, config), IProducesMessageQueue<UnboundedMessageQueue>
{
    /// <summary>Settings under which every actor has such a mailbox.</summary>
    internal static string Everywhere { get; } = $"akka.actor.default-mailbox.mailbox-type = \"{typeof(TracingMailbox).FullName}, {typeof(TracingMailbox).Assembly.GetName().Name}\"";

    public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new Queue(owner, (VirtualScheduler)system.Scheduler);

    private sealed class Queue(IActorRef owner, VirtualScheduler world) : UnboundedMessageQueue, IMessageQueue
    {
        bool IMessageQueue.TryDequeue(out Envelope envelope)
        {
            if (!TryDequeue(out envelope))
                return false;
            world.Trace?.Invoke(world.Now, owner.Path.ToStringWithoutAddress(), envelope.Message.GetType().Name);
            return true;
        }
    }
}
