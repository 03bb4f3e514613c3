using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Dispatch.MessageQueues;

namespace Asha.Actors.Simulation;

/// <summary>The messages of one actor of a virtual world: a plain queue for the world's own thread, which nearly all come from, and another for whoever else.</summary>
internal abstract class VirtualQueue(IActorRef owner, VirtualScheduler world) : IMessageQueue
{
    private ConcurrentQueue<Envelope>? _strangers;
    private ulong _id;

    /// <summary>The same in every process, and another for every path: which one it is does not hang on memory or on a string's hash.</summary>
    public ulong Id => _id != 0 ? _id : _id = IdOf(PathOf(owner));

    public bool HasMessages => Count > 0;

    public int Count => OwnCount + (_strangers?.Count ?? 0);

    protected abstract int OwnCount { get; }

    public void Enqueue(IActorRef receiver, Envelope envelope)
    {
        if (world.Wire is { } wire && wire.Takes(owner, envelope))
            return;
        if (world.IsOwnThread)
            Add(envelope);
        else
            LazyInitializer.EnsureInitialized(ref _strangers).Enqueue(envelope);
    }

    public bool TryDequeue(out Envelope envelope)
    {
        if (!TryTake(out envelope) && _strangers?.TryDequeue(out envelope) != true)
            return false;
        world.Trace?.Invoke(world.Now, owner.Path.ToStringWithoutAddress(), envelope.Message.GetType().Name);
        world.Taken?.Invoke(owner, Id, envelope);
        return true;
    }

    public void CleanUp(IActorRef owner, IMessageQueue deadletters)
    {
        while (TryTake(out var envelope) || _strangers?.TryDequeue(out envelope) == true)
            deadletters.Enqueue(owner, envelope);
    }

    protected abstract void Add(Envelope envelope);

    protected abstract bool TryTake(out Envelope envelope);

    /// <summary>Akka numbers some of its own actors through all systems of a process; which system it is has no part in what happens in it.</summary>
    private static string PathOf(IActorRef actor)
    {
        var path = actor.Path.ToStringWithoutAddress();
        return path.StartsWith("/system/", StringComparison.Ordinal) ? path.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9') : path;
    }

    /// <summary>FNV-1a.</summary>
    internal static ulong IdOf(string path)
    {
        var hash = 14695981039346656037UL;
        foreach (var character in path)
            hash = (hash ^ character) * 1099511628211UL;
        return hash == 0 ? 1 : hash;
    }
}
