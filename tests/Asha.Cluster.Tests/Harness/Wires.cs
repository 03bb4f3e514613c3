using System.Globalization;
using System.Net;
using Xunit.Abstractions;

namespace Asha.Cluster.Tests.Harness;

/// <summary>
/// A network of this machine's own: each member is in a network namespace, which a pair of virtual ethernet devices joins to a bridge; the test is on the bridge. Cuts are rules of nftables inside a namespace, so that nothing outside it notices.
/// </summary>
internal sealed class Wires : IDisposable
{
    private readonly ITestOutputHelper _print;
    private readonly string _id = Random.Shared.Next(0x10000).ToString("x4", CultureInfo.InvariantCulture);
    private readonly string _net = $"10.{Random.Shared.Next(200, 250)}.{Random.Shared.Next(256)}";
    private readonly List<string> _members = [];

    public Wires(ITestOutputHelper print)
    {
        _print = print;
        Tool.Run("ip", "link", "add", Bridge, "type", "bridge");
        Tool.Run("ip", "address", "add", $"{Here}/24", "dev", Bridge);
        Tool.Run("ip", "link", "set", Bridge, "up");
    }

    /// <summary>Why there can be none; <c>null</c>: there can.</summary>
    public static string? Missing { get; } = Find();

    /// <summary>The test's address.</summary>
    public string Here => $"{_net}.1";

    /// <summary>All that there are, and will be.</summary>
    public IEnumerable<IPAddress> Addresses => Enumerable.Range(1, 20).Select(last => IPAddress.Parse($"{_net}.{last}"));

    private string Bridge => $"asha{_id}";

    /// <summary>A machine for a member; whoever comes again has the one that it had.</summary>
    /// <returns>Its address.</returns>
    public string Add(string member)
    {
        if (_members.Contains(member))
            return AddressOf(member);
        _members.Add(member);
        var (space, outer, inner) = (Space(member), $"o{_id}{_members.Count}", $"i{_id}{_members.Count}");
        Tool.Run("ip", "netns", "add", space);
        Tool.Run("ip", "link", "add", outer, "type", "veth", "peer", "name", inner, "netns", space);
        Tool.Run("ip", "link", "set", outer, "master", Bridge, "up");
        Tool.Run("ip", "-n", space, "address", "add", $"{AddressOf(member)}/24", "dev", inner);
        Tool.Run("ip", "-n", space, "link", "set", inner, "up");
        Tool.Run("ip", "-n", space, "link", "set", "lo", "up");
        return AddressOf(member);
    }

    public string AddressOf(string member) => $"{_net}.{10 + _members.IndexOf(member)}";

    /// <summary>The command that starts another one there.</summary>
    public IEnumerable<string> Enter(string member)
    {
        Add(member);
        return ["ip", "netns", "exec", Space(member)];
    }

    /// <summary>Nothing comes out of a member's machine any more, nothing comes in, or both: no packet, and nobody is told.</summary>
    public void Cut(string member, bool isOut = true, bool isIn = true)
    {
        _print.WriteLine($"{member}: cut, {(isOut ? isIn ? "both ways" : "what it sends" : "what is sent to it")}");
        Tool.Run("ip", "netns", "exec", Space(member), "nft", $$"""
            add table inet cut
            add chain inet cut out { type filter hook output priority 0; }
            add chain inet cut in { type filter hook input priority 0; }
            {{(isOut ? "add rule inet cut out oifname != lo drop" : "")}}
            {{(isIn ? "add rule inet cut in iifname != lo drop" : "")}}
            """);
    }

    /// <summary>All goes through again.</summary>
    public void Heal(string member)
    {
        _print.WriteLine($"{member}: whole again");
        Tool.Run("ip", "netns", "exec", Space(member), "nft", "delete table inet cut");
    }

    /// <summary>What one member sends to a place goes to another instead, where somebody hands it on.</summary>
    public void Redirect(string member, string address, int port, int to) => Tool.Run("ip", "netns", "exec", Space(member), "nft", $$"""
        add table ip slow
        add chain ip slow out { type nat hook output priority -100; }
        add rule ip slow out ip daddr {{address}} tcp dport {{port}} dnat to {{Here}}:{{to}}
        """);

    public void Dispose()
    {
        // What is in a namespace goes with it, its device and the other end as well.
        foreach (var member in _members)
            Tool.Try("ip", "netns", "delete", Space(member));
        Tool.Try("ip", "link", "delete", Bridge);
    }

    private string Space(string member) => $"asha-{_id}-{member}";

    /// <summary>Tries it: root, the kernel, and both programs are needed.</summary>
    private static string? Find()
    {
        var space = $"asha-try-{Environment.ProcessId}";
        if (Tool.Try("ip", "netns", "add", space) is null)
            return "network namespaces are not to be had here (they need root, and 'ip' of Debian's iproute2)";
        try
        {
            return Tool.Try("ip", "netns", "exec", space, "nft", "add table inet cut") is null ? "connections cannot be cut here (that needs 'nft' of Debian's nftables, and a kernel with nf_tables)" : null;
        }
        finally
        {
            Tool.Run("ip", "netns", "delete", space);
        }
    }
}
