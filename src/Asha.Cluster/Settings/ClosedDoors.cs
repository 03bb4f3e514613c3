using Akka.Actor;

namespace Asha.Cluster.Settings;

/// <summary>
/// Tells people whose coordinators take connections and do not go on with them: whoever is refused for its certificate learns no more than that (a close, or nothing at all), since with TLS 1.3 its own half of the handshake is over by then. Said at first, then every tenth time, and not by a member that is up.
/// </summary>
/// <param name="coordinators">Their addresses.</param>
/// <param name="say">Tells people.</param>
internal sealed class ClosedDoors(IReadOnlyList<Address> coordinators, Action<string> say) : FailedTries(coordinators)
{
    private readonly Dictionary<Address, int> _tries = [];

    public static Props Props(IReadOnlyList<Address> coordinators, Action<string> say) => Akka.Actor.Props.Create(() => new ClosedDoors(coordinators, say));

    protected override void Failed(Address coordinator, Exception why, bool isRefusal)
    {
        if (!isRefusal)
            return;
        var tries = _tries[coordinator] = _tries.GetValueOrDefault(coordinator) + 1;
        if (tries % 10 == 1)
            say($"not let in: {coordinator.Host}:{coordinator.Port} does not go on with the connection; most likely it does not take this process's certificate, and 'Refused' in its log says why; or that is not where it listens for members (its api has another port). It is tried again; mend tls.certificate, tls.ca or join, and start it again");
    }
}
