using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Akka.Event;
using Akka.Remote.Transport.DotNetty;

namespace Asha.Cluster.Security;

/// <summary>
/// Who may connect, and whom we connect to. Akka compares names on outgoing connections alone; one that comes in with a certificate for another machine would be let in, then nobody could connect to it, and the resolver of partitions would down
/// others for its sake (tried: docs/decisions/023). So an incoming peer's address has to be one that its certificate is for.
/// </summary>
public static class PeerCheck
{
    /// <summary>What Akka's remoting is set up with.</summary>
    public static DotNettySslSetup Setup(TlsIdentity identity, TimeProvider time) => new(
        identity.Certificate, suppressValidation: false, requireMutualAuthentication: true, validateCertificateHostname: true,
        (certificate, _, peer, errors, log) => Check(identity, certificate, peer, errors, log, time.GetUtcNow()));

    private static bool Check(TlsIdentity identity, X509Certificate2? certificate, string peer, SslPolicyErrors errors, ILoggingAdapter log, DateTimeOffset now)
    {
        if (Refusal(identity, certificate, peer, errors, now, Resolve) is not { } refusal)
            return true;
        if (identity.Refused.Of(peer, refusal, now) is { } line)
            log.Warning("{Line}", line);
        return false;
    }

    /// <param name="identity">Ours.</param>
    /// <param name="certificate">Theirs.</param>
    /// <param name="peer">An address and a port, where they have connected to us; otherwise the address in Akka's form.</param>
    /// <param name="errors">What .NET has found: that the name does not fit, on outgoing connections; of the chain it knows nothing, as the root is ours.</param>
    /// <param name="now">The time.</param>
    /// <param name="resolve">The addresses of a name; none where it has none.</param>
    /// <returns>Why not; <c>null</c>: it is welcome.</returns>
    internal static string? Refusal(TlsIdentity identity, X509Certificate2? certificate, string peer, SslPolicyErrors errors, DateTimeOffset now, Func<string, IReadOnlyList<IPAddress>> resolve)
    {
        if (certificate is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
            return "is missing";
        if (identity.Refusal(certificate, now) is { } refusal)
            return refusal;
        var isFor = $"is for {string.Join(", ", TlsIdentity.Names(certificate))}";
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            return isFor;
        return IPEndPoint.TryParse(peer, out var incoming) && !TlsIdentity.IsFor(certificate, incoming.Address, resolve) ? isFor : null;
    }

    /// <summary>The addresses of a name; none where it has none.</summary>
    internal static IReadOnlyList<IPAddress> Resolve(string name)
    {
        try
        {
            return Dns.GetHostAddresses(name);
        }
        catch (Exception unknown) when (unknown is SocketException or ArgumentException)
        {
            return [];
        }
    }
}
