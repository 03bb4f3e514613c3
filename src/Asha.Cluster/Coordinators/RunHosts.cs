using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Actors.Persistence;

namespace Asha.Cluster.Coordinators;

/// <summary>Where the runs are at work: each that is to be awake is woken until its host says that it is, and again when that is gone; one that is to end is told so until it has.</summary>
/// <param name="registry">Says which are to be awake.</param>
/// <param name="region">Carries messages to the hosts.</param>
/// <param name="context">The registry's: watches the hosts.</param>
/// <param name="time">Tells when an engine has failed.</param>
internal sealed class RunHosts(Registry registry, RunRegion region, IActorContext context, TimeProvider time)
{
    /// <summary>An engine that fails at once would otherwise be made again at once.</summary>
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, IActorRef> _hosts = [];
    private readonly Dictionary<string, (string Reason, DateTimeOffset At)> _problems = [];

    /// <summary>Where it is at work; <c>null</c>: nowhere that is known.</summary>
    public IActorRef? HostOf(string run) => _hosts.GetValueOrDefault(run);

    /// <summary>Why its engine failed, if it is not awake again since.</summary>
    public string? ProblemOf(string run) => _problems.TryGetValue(run, out var problem) ? problem.Reason : null;

    /// <summary>The run's host has said that it is awake.</summary>
    public void Awake(string run, IActorRef host)
    {
        _hosts[run] = context.Watch(host);
        _problems.Remove(run);
        if (registry.Find(run) is { Phase: RunPhase.Ending, Outcome: { } outcome })
            host.Tell(new EndRun(run, outcome));
    }

    /// <summary>Its engine failed.</summary>
    public void Failed(RunFailed failed) => _problems[failed.Run] = (failed.Reason, time.GetUtcNow());

    /// <summary>The actor is gone, and with it what it was the host of.</summary>
    public void Forget(IActorRef gone)
    {
        foreach (var (run, _) in _hosts.Where(host => host.Value.Equals(gone)).ToArray())
            _hosts.Remove(run);
    }

    public void Wake(Registry.Entry entry) => region.Tell(entry.Wake with { Epoch = (int)registry.Epoch });

    /// <summary>The host that has ended it stays for a while, and is not the one that goes on.</summary>
    public void WakeAnew(string run)
    {
        _hosts.Remove(run);
        WakeAll();
    }

    /// <summary>Everybody who ought to be awake and has not said so; and those that are to end are told so again.</summary>
    public void WakeAll()
    {
        var now = time.GetUtcNow();
        foreach (var entry in registry.Entries.Where(entry => entry.IsAwake))
        {
            if (!_hosts.TryGetValue(entry.Run, out var host))
            {
                if (!(_problems.TryGetValue(entry.Run, out var problem) && now - problem.At < _pause))
                    Wake(entry);
            }
            else if (entry is { Phase: RunPhase.Ending, Outcome: { } outcome })
            {
                host.Tell(new EndRun(entry.Run, outcome));
            }
        }
    }
}
