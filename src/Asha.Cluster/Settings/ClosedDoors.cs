using Akka.Actor;
using Akka.Cluster;
using Akka.Remote;

namespace Asha.Cluster.Settings;

/// <summary>
/// Tells people whose coordinators take connections and do not go on with them: whoever is refused for its certificate learns no more than that (a close, or nothing at all), since with TLS 1.3 its own half of the handshake is over by then. Said at first, then every tenth time, and not by a member that is up.
/// </summary>
/// <param name="coordinators">Their addresses.</param>
/// <param name="say">Tells people.</param>
internal sealed class ClosedDoors(IReadOnlyList<Address> coordinators, Action<string> say) : UntypedActor
{
    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly Dictionary<Address, int> _tries = [];

    public static Props Props(IReadOnlyList<Address> coordinators, Action<string> say) => Akka.Actor.Props.Create(() => new ClosedDoors(coordinators, say));

    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(AssociationErrorEvent));

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        if (message is not AssociationErrorEvent { IsInbound: false } failed || !coordinators.Contains(failed.RemoteAddress) || _cluster.SelfMember.Status is MemberStatus.Up or MemberStatus.Leaving || !IsRefusal(failed.Cause))
            return;
        var tries = _tries[failed.RemoteAddress] = _tries.GetValueOrDefault(failed.RemoteAddress) + 1;
        if (tries % 10 == 1)
            say($"not let in: {failed.RemoteAddress.Host}:{failed.RemoteAddress.Port} does not go on with the connection; most likely it does not take this process's certificate, and 'Refused' in its log says why; or that is not where it listens for members (its api has another port). It is tried again; mend tls.certificate, tls.ca or join, and start it again");
    }

    /// <summary>Whether the connection was made, and not gone on with.</summary>
    internal static bool IsRefusal(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
        {
            if (error.Message.Contains("explicitly disassociated", StringComparison.Ordinal) || error.Message.Contains("No response from remote for outbound association", StringComparison.Ordinal))
                return true;
        }
        return false;
    }
}
