using Akka.Actor;
using Akka.Cluster;
using Akka.Remote;

namespace Asha.Cluster.Settings;

/// <summary>Hears of each connection to a coordinator that this process has tried in vain, as long as it is not up in the cluster.</summary>
/// <param name="coordinators">Their addresses.</param>
internal abstract class FailedTries(IReadOnlyList<Address> coordinators) : UntypedActor
{
    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);

    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(AssociationErrorEvent));

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        if (message is AssociationErrorEvent { IsInbound: false } failed && coordinators.Contains(failed.RemoteAddress) && _cluster.SelfMember.Status is not (MemberStatus.Up or MemberStatus.Leaving))
            Failed(failed.RemoteAddress, failed.Cause, IsRefusal(failed.Cause));
    }

    /// <param name="coordinator">Whom it has tried.</param>
    /// <param name="why">What came of it.</param>
    /// <param name="isRefusal">The connection was made, and not gone on with.</param>
    protected abstract void Failed(Address coordinator, Exception why, bool isRefusal);

    private static bool IsRefusal(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
        {
            if (error.Message.Contains("explicitly disassociated", StringComparison.Ordinal) || error.Message.Contains("No response from remote for outbound association", StringComparison.Ordinal))
                return true;
        }
        return false;
    }
}
