using Akka.Actor;

namespace Asha.Torture.Tests.Contract;

/// <summary>What a storage is found to hold after a crash.</summary>
/// <param name="Acknowledged">So many requests had been acknowledged before.</param>
/// <param name="Numbers">The entries that are there.</param>
public sealed record AfterCrash(int Acknowledged, IReadOnlyList<long> Numbers);

/// <summary>A kind of journal under the contract: where it is, and what can be done to it from outside.</summary>
public abstract class JournalSubject : IAsyncDisposable
{
    private readonly List<ActorSystem> _systems = [];

    /// <summary>An actor system that keeps its journals there, as an engine's does.</summary>
    public ActorSystem Open()
    {
        var system = Create();
        _systems.Add(system);
        return system;
    }

    public async Task Close(ActorSystem system)
    {
        _systems.Remove(system);
        await system.Terminate();
    }

    /// <summary>The database takes no writes from now on, whatever is done about it here.</summary>
    public abstract void Refuse();

    /// <summary>It takes them again.</summary>
    public abstract void Accept();

    /// <summary>The entry has another manifest from now on, as a later version would have written it.</summary>
    public abstract void Alter(string id, long number, string manifest);

    /// <summary>The snapshot likewise.</summary>
    public abstract void AlterSnapshot(string id, long number, string manifest);

    /// <summary>Requests of <paramref name="size"/> entries each are written, one after the other, until whoever writes them, or the database, is cut off: as often as there is something to be seen.</summary>
    public abstract IAsyncEnumerable<AfterCrash> Crash(string id, int size);

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var system in _systems.ToArray())
            await Close(system);
        GC.SuppressFinalize(this);
    }

    protected abstract ActorSystem Create();
}
