using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;

namespace Asha.Actors.Simulation;

/// <summary>The mailboxes of a virtual world: a plain queue for the world's own thread, which nearly all messages come from, and another for whoever else. It tells of every message that an actor takes: <see cref="VirtualScheduler.Trace"/>.</summary>
public sealed class VirtualMailbox(Settings settings, Config config) : MailboxType(settings, config), IProducesMessageQueue<UnboundedMessageQueue>
{
    public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new Queue(owner, (VirtualScheduler)system.Scheduler);

    private sealed class Queue(IActorRef owner, VirtualScheduler world) : IMessageQueue, IUnboundedMessageQueueSemantics
    {
        private readonly Queue<Envelope> _own = new();
        private ConcurrentQueue<Envelope>? _strangers;

        public bool HasMessages => Count > 0;

        public int Count => _own.Count + (_strangers?.Count ?? 0);

        public void Enqueue(IActorRef receiver, Envelope envelope)
        {
            if (world.IsOwnThread)
                _own.Enqueue(envelope);
            else
                LazyInitializer.EnsureInitialized(ref _strangers).Enqueue(envelope);
        }

        public bool TryDequeue(out Envelope envelope)
        {
            if (!_own.TryDequeue(out envelope) && _strangers?.TryDequeue(out envelope) != true)
                return false;
            world.Trace?.Invoke(world.Now, owner.Path.ToStringWithoutAddress(), envelope.Message.GetType().Name);
            return true;
        }

        public void CleanUp(IActorRef owner, IMessageQueue deadletters)
        {
            while (_own.TryDequeue(out var envelope) || _strangers?.TryDequeue(out envelope) == true)
                deadletters.Enqueue(owner, envelope);
        }
    }
}
