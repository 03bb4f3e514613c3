using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Asha.Cluster.Settings;

/// <summary>Where a process listens: <c>10.0.0.5:7600</c>, <c>tuner-1.example.org:7600</c>, <c>[::1]:7600</c>.</summary>
/// <param name="Host">A name or an address; IPv6 without brackets.</param>
/// <param name="Port">0 … 65535; 0: any that is free.</param>
public sealed record HostPort(string Host, int Port)
{
    /// <summary>Whether nobody on another machine can reach it.</summary>
    public bool IsLoopback => Host == "localhost" || (IPAddress.TryParse(Host, out var address) && IPAddress.IsLoopback(address));

    /// <summary>Whether it is no address at all, but all that the machine has.</summary>
    public bool IsAny => IPAddress.TryParse(Host, out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));

    /// <summary>The addresses that its host stands for.</summary>
    public IReadOnlyList<IPAddress> Addresses() => Host == "localhost" ? [IPAddress.Loopback] : IPAddress.TryParse(Host, out var given) ? [given] : Dns.GetHostAddresses(Host);

    /// <summary>What to do where it cannot be listened on.</summary>
    internal static string Advice(SocketException why) => why.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => "Say another port, or end what has it.",
        SocketError.AccessDenied => "Ports below 1024 are root's: say a higher one.",
        _ => "Say an address of this machine, or a name that leads to one.",
    };

    /// <summary>Reads it; <c>null</c> where it is something else.</summary>
    public static HostPort? Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > IPEndPoint.MaxPort)
            return null;
        var host = text[..colon];
        if (host is ['[', .. var inner, ']'])
            return IPAddress.TryParse(inner, out var six) && six.AddressFamily == AddressFamily.InterNetworkV6 ? new HostPort(inner, port) : null;
        return Uri.CheckHostName(host) is UriHostNameType.Dns or UriHostNameType.IPv4 ? new HostPort(host, port) : null;
    }

    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
