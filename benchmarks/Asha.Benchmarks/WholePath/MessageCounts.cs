using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;

namespace Asha.Benchmarks.WholePath;

/// <summary>A mailbox that counts, by type of actor and type of message, what is put into it: the actors themselves are as they are.</summary>
public sealed class CountingMailbox(Settings settings, Config config) : MailboxType(settings, config), IProducesMessageQueue<UnboundedMessageQueue>
{
    private static readonly ConcurrentDictionary<(Type Actor, Type Message), Counter> _counts = new();

    internal sealed class Counter
    {
        public long Value;
    }

    /// <summary>Settings under which every actor has such a mailbox.</summary>
    public static string Everywhere { get; } = $"akka.actor.default-mailbox.mailbox-type = \"{typeof(CountingMailbox).AssemblyQualifiedName}\"";

    /// <summary>Messages of Asha's actors, most first.</summary>
    public static IReadOnlyList<(string Actor, string Message, long Count)> Counts
        => [.. _counts.Where(entry => entry.Key.Actor.Namespace!.StartsWith("Asha.", StringComparison.Ordinal))
            .Select(entry => (entry.Key.Actor.Name, entry.Key.Message.Name, entry.Value.Value)).OrderBy(entry => entry.Item1).ThenByDescending(entry => entry.Value)];

    public override IMessageQueue Create(IActorRef owner, ActorSystem system)
        => new Queue(owner is ActorRefWithCell { Underlying: { } cell } ? cell.Props.Type : typeof(object));

    private sealed class Queue(Type actor) : UnboundedMessageQueue, IMessageQueue
    {
        void IMessageQueue.Enqueue(IActorRef receiver, Envelope envelope)
        {
            Interlocked.Increment(ref _counts.GetOrAdd((actor, envelope.Message.GetType()), _ => new Counter()).Value);
            Enqueue(receiver, envelope);
        }
    }
}
