using Akka.Actor;

namespace Asha.Cluster.Settings;

/// <summary>
/// What people are told whose coordinators take connections and do not go on with them: whoever is refused for its certificate learns no more than that (a close, or nothing at all), since with TLS 1.3 its own half of the handshake is over by then. Said at first, then every tenth time, over all actor systems that the process makes meanwhile.
/// </summary>
internal sealed class ClosedDoors
{
    private readonly Dictionary<Address, int> _tries = [];

    /// <summary>It has been tried in vain.</summary>
    /// <returns>The line to be said; <c>null</c>: none.</returns>
    public string? Of(Address coordinator)
    {
        var tries = _tries[coordinator] = _tries.GetValueOrDefault(coordinator) + 1;
        return tries % 10 == 1
            ? $"not let in: {coordinator.Host}:{coordinator.Port} does not go on with the connection; most likely it does not take this process's certificate, and 'Refused' in its log says why; or that is not where it listens for members (its api has another port). It is tried again; mend tls.certificate, tls.ca or join, and start it again"
            : null;
    }

    /// <summary>It is in the cluster: the next time is as the first.</summary>
    public void Up() => _tries.Clear();
}
