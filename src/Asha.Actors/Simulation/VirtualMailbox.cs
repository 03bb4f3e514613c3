using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;

namespace Asha.Actors.Simulation;

/// <summary>The mailboxes of a virtual world: a plain queue for the world's own thread, which nearly all messages come from, and another for whoever else. It tells of every message that an actor takes: <see cref="VirtualScheduler.Trace"/>.</summary>
public sealed class VirtualMailbox(Settings settings, Config config) : MailboxType(settings, config), IProducesMessageQueue<UnboundedMessageQueue>
{
    public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new Queue(owner, (VirtualScheduler)system.Scheduler);

    private sealed class Queue(IActorRef owner, VirtualScheduler world) : VirtualQueue(owner, world), IUnboundedMessageQueueSemantics
    {
        private readonly Queue<Envelope> _own = new();

        protected override int OwnCount => _own.Count;

        protected override void Add(Envelope envelope) => _own.Enqueue(envelope);

        protected override bool TryTake(out Envelope envelope) => _own.TryDequeue(out envelope);
    }
}
