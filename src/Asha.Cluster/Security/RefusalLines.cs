using System.Collections.Concurrent;
using System.Net;

namespace Asha.Cluster.Security;

/// <summary>
/// What is written of those who are refused. They try again, several times a second: each says the same, so that a line is written at first, after a minute, and then after twice the time each, up to an hour, with how many there were.
/// </summary>
internal sealed class RefusalLines
{
    private static readonly TimeSpan _first = TimeSpan.FromMinutes(1), _longest = TimeSpan.FromHours(1);

    /// <summary>Whoever comes from ever new addresses is not to fill the memory.</summary>
    private const int MostPeers = 1000;

    private sealed class Peer(DateTimeOffset now)
    {
        public DateTimeOffset Said { get; set; } = now;

        public TimeSpan Quiet { get; set; } = _first;

        public int Unsaid { get; set; }
    }

    private readonly ConcurrentDictionary<(string Peer, string Refusal, string Wants), Peer> _peers = [];

    /// <summary>Whom this process has connected to and refused last, and why; <c>null</c>: nobody.</summary>
    public string? Outgoing { get; private set; }

    /// <summary>Whoever is in the cluster refuses none that matter; what still holds, the next try says.</summary>
    public void ForgetOutgoing() => Outgoing = null;

    /// <summary>Counts one.</summary>
    /// <param name="peer">An address and a port, where they have connected to us, of which the port is another each time; otherwise the address in Akka's form.</param>
    /// <param name="refusal">What is wrong with the certificate.</param>
    /// <param name="now">The time.</param>
    /// <param name="wants">What it came for, as the line says it, with a comma before; nothing: to be a member.</param>
    /// <returns>The line to be written; <c>null</c>: none.</returns>
    public string? Of(string peer, string refusal, DateTimeOffset now, string wants = "")
    {
        if (_peers.Count >= MostPeers)
            _peers.Clear();
        var isNew = false;
        if (!IPEndPoint.TryParse(peer, out var incoming))
            Outgoing = $"{peer[(peer.LastIndexOf('@') + 1)..]}: its certificate {refusal}{Advice(refusal)}";
        var known = _peers.GetOrAdd((incoming is not null ? incoming.Address.ToString() : peer, refusal, wants), _ =>
        {
            isNew = true;
            return new Peer(now);
        });
        if (isNew)
            return $"Refused {peer}{wants}: its certificate {refusal}{Advice(refusal)}";
        lock (known)
        {
            known.Unsaid++;
            if (now - known.Said < known.Quiet)
                return null;
            var line = $"Refused {peer}{wants}, and {known.Unsaid} time{(known.Unsaid == 1 ? "" : "s")} since {known.Said:HH:mm:ss}Z: its certificate {refusal}";
            (known.Said, known.Unsaid) = (now, 0);
            known.Quiet = known.Quiet * 2 < _longest ? known.Quiet * 2 : _longest;
            return line;
        }
    }

    private static string Advice(string refusal) => refusal.StartsWith(TlsIdentity.OtherCa, StringComparison.Ordinal)
        ? ". One of the two has the files of another CA: tls.ca has to be the same everywhere ('openssl x509 -in ca.pem -noout -fingerprint' says whether it is)"
        : "";
}
