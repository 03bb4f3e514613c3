using System.Numerics;
using System.Text.RegularExpressions;
using Akka.Actor;

namespace Asha.Cluster.Settings;

/// <summary>What people are told where no coordinator can be reached, and why: whoever starts a node before them, or with a wrong address, would otherwise see nothing happen. Said when each has been tried once, and then more and more seldom, over all actor systems that the process makes meanwhile.</summary>
/// <param name="all">How many coordinators there are to be tried.</param>
internal sealed partial class SilentDoors(int all)
{
    /// <summary>What came of the newest try of each since it was said last.</summary>
    private readonly SortedDictionary<string, string> _reasons = new(StringComparer.Ordinal);
    private uint _rounds;

    /// <summary>It has been tried in vain.</summary>
    /// <param name="coordinator">Whom.</param>
    /// <param name="why">What came of it.</param>
    /// <returns>The line to be said; <c>null</c>: none.</returns>
    public string? Of(Address coordinator, Exception why)
    {
        _reasons[$"{coordinator.Host}:{coordinator.Port}"] = Reason(why);
        if (_reasons.Count < all)
            return null;
        var reasons = string.Join("; ", _reasons.Select(one => $"{one.Key}: {one.Value}"));
        _reasons.Clear();
        // The first, the eighth, the sixty-fourth time and so on: at once, after some 5 s, 40 s, 5 minutes, where nothing has the process make its system anew.
        return BitOperations.IsPow2(++_rounds) && BitOperations.Log2(_rounds) % 3 == 0
            ? $"no coordinator can be reached: {reasons}. It is tried again; if this stays so, see whether they run, and whether join names where they listen"
            : null;
    }

    /// <summary>It is in the cluster: the next time is as the first.</summary>
    public void Up()
    {
        _reasons.Clear();
        _rounds = 0;
    }

    /// <summary>What the system says of the connection, without the address that Akka adds.</summary>
    private static string Reason(Exception error) => Where().Replace(error.GetBaseException().Message.Split('\n', 2)[0], "").Trim().TrimEnd('.');

    [GeneratedRegex(@"\s*\S*tcp://\S+")]
    private static partial Regex Where();
}
