using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;

namespace Asha.Actors.Simulation;

/// <summary>A <see cref="VirtualMailbox"/> for actors that put back what they cannot take yet, as persistent ones do.</summary>
public sealed class VirtualDequeMailbox(Settings settings, Config config) : MailboxType(settings, config), IProducesMessageQueue<UnboundedDequeMessageQueue>
{
    public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new Queue(owner, (VirtualScheduler)system.Scheduler);

    private sealed class Queue(IActorRef owner, VirtualScheduler world) : VirtualQueue(owner, world), IUnboundedDequeBasedMessageQueueSemantics
    {
        private readonly LinkedList<Envelope> _own = [];

        protected override int OwnCount => _own.Count;

        public void EnqueueFirst(Envelope envelope) => _own.AddFirst(envelope);

        protected override void Add(Envelope envelope) => _own.AddLast(envelope);

        protected override bool TryTake(out Envelope envelope)
        {
            envelope = _own.First?.Value ?? default;
            if (_own.Count == 0)
                return false;
            _own.RemoveFirst();
            return true;
        }
    }
}
