using Akka.Actor;
using Akka.Pattern;
using Asha.Actors.Metrics;

namespace Asha.Cluster.Coordinators;

/// <summary>
/// The registries of one actor system, one after the other. Akka ends a persistent actor whose journal could not be written or read, and its singleton makes no other; so this makes one, after a pause, as often as it takes.
/// </summary>
/// <param name="isFollowed">Called where a coordinator elsewhere has taken over meanwhile: then this one was given up by the others, and must not take the journal back.</param>
/// <param name="say">Tells people that there is no registry since its journal fails, and that there is one again: where the disk is full, its log may say nothing.</param>
internal sealed class Succession(Action isFollowed, Action<string> say)
{
    /// <summary>The name of the one that there is, below the singleton.</summary>
    public const string Current = "registry";

    /// <summary>The first is long enough for a coordinator that was frozen to hear meanwhile that it was given up; the last is short beside the time that somebody needs to bring a database back.</summary>
    private static readonly TimeSpan _first = TimeSpan.FromSeconds(1), _longest = TimeSpan.FromSeconds(10);

    private bool _hasBegun, _fails;

    /// <summary>What the singleton is: it ends with the one that it has, and hands on to it whatever it is told.</summary>
    public static Props Props(IActorRef region, TimeProvider time, Action isFollowed, Action<string> say, EngineMetrics metrics)
    {
        var succession = new Succession(isFollowed, say);
        return BackoffSupervisor.Props(Backoff.OnStop(ClusterSupervisor.Props(region, time, succession, metrics), Current, _first, _longest, 0.2, maxNrOfRetries: -1).WithAutoReset(_longest));
    }

    /// <summary>Whether one that has read the journal may begin: not if one of this system has begun before, and the newest is elsewhere.</summary>
    /// <param name="registry">What the journal says.</param>
    /// <param name="here">The address of this system.</param>
    public bool MayBegin(Registry registry, string here)
    {
        var mayBegin = !_hasBegun || registry.Where == here;
        if (!mayBegin)
            isFollowed();
        return mayBegin;
    }

    /// <summary>One has begun, and the journal has it.</summary>
    public void HasBegun()
    {
        _hasBegun = true;
        if (_fails)
            say("the registry's journal is written again");
        _fails = false;
    }

    /// <summary>The journal of one could not be written or read.</summary>
    public void Fails(string reason)
    {
        if (!_fails)
            say($"the registry's journal fails: {reason}; it is tried again, every ten seconds in the end, and until then commands get no answer");
        _fails = true;
    }
}
