using System.Net.Security;
using System.Security.Authentication;
using Akka.Actor;
using Akka.Cluster;
using Akka.Remote;

namespace Asha.Cluster.Settings;

/// <summary>Hears of each connection to a coordinator that this process has tried in vain, as long as it is not up in the cluster, and says what is to be said of it.</summary>
/// <param name="coordinators">Their addresses.</param>
/// <param name="silent">Who cannot be reached; <c>null</c>: that is not told.</param>
/// <param name="closed">Who does not go on with a connection; <c>null</c>: likewise.</param>
/// <param name="say">Tells people.</param>
internal sealed class FailedTries(IReadOnlyList<Address> coordinators, SilentDoors? silent, ClosedDoors? closed, Action<string> say) : UntypedActor
{
    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);

    public static Props Props(IReadOnlyList<Address> coordinators, SilentDoors? silent, ClosedDoors? closed, Action<string> say) => Akka.Actor.Props.Create(() => new FailedTries(coordinators, silent, closed, say));

    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(AssociationErrorEvent));

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        if (message is not AssociationErrorEvent { IsInbound: false } failed || !coordinators.Contains(failed.RemoteAddress) || _cluster.SelfMember.Status is MemberStatus.Up or MemberStatus.Leaving)
            return;
        if ((IsRefused(failed.Cause) ? closed?.Of(failed.RemoteAddress) : IsRefusing(failed.Cause) ? null : silent?.Of(failed.RemoteAddress, failed.Cause)) is { } line)
            say(line);
    }

    /// <summary>The connection was made, and not gone on with: after the handshake or, where this process is slow with its half of it, before.</summary>
    internal static bool IsRefused(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
        {
            if (error.Message.Contains("explicitly disassociated", StringComparison.Ordinal) || error.Message.Contains("No response from remote for outbound association", StringComparison.Ordinal)
                || (error.Message.StartsWith("TLS handshake failed", StringComparison.Ordinal) && error.Message.Contains("Channel is closed", StringComparison.Ordinal)))
                return true;
        }
        return false;
    }

    /// <summary>It is this process that refuses the other, which <see cref="RefusedTries"/> tells: what .NET says then names the kind of function that <see cref="Security.PeerCheck"/> is.</summary>
    internal static bool IsRefusing(Exception error) => error.GetBaseException() is AuthenticationException refused && refused.Message.Contains(nameof(RemoteCertificateValidationCallback), StringComparison.Ordinal);
}
