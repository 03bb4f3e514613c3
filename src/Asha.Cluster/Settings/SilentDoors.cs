using System.Numerics;
using System.Text.RegularExpressions;
using Akka.Actor;

namespace Asha.Cluster.Settings;

/// <summary>Tells people that no coordinator can be reached, and why: whoever starts a node before them, or with a wrong address, would otherwise see nothing happen. Said when each has been tried once, and then more and more seldom, not by a member that is up.</summary>
/// <param name="coordinators">Their addresses.</param>
/// <param name="say">Tells people.</param>
internal sealed partial class SilentDoors(IReadOnlyList<Address> coordinators, Action<string> say) : FailedTries(coordinators)
{
    private readonly int _all = coordinators.Count;

    /// <summary>What came of the newest try of each since it was said last.</summary>
    private readonly SortedDictionary<string, string> _reasons = new(StringComparer.Ordinal);
    private uint _rounds;

    public static Props Props(IReadOnlyList<Address> coordinators, Action<string> say) => Akka.Actor.Props.Create(() => new SilentDoors(coordinators, say));

    protected override void Failed(Address coordinator, Exception why, bool isRefusal)
    {
        if (isRefusal)
            return;
        _reasons[$"{coordinator.Host}:{coordinator.Port}"] = Reason(why);
        if (_reasons.Count < _all)
            return;
        if (BitOperations.IsPow2(++_rounds) && BitOperations.Log2(_rounds) % 3 == 0) // At once, after some 5 s, 40 s, 5 minutes and so on.
            say($"no coordinator can be reached: {string.Join("; ", _reasons.Select(one => $"{one.Key}: {one.Value}"))}. It is tried again; if this stays so, see whether they run, and whether join names where they listen");
        _reasons.Clear();
    }

    /// <summary>What the system says of the connection, without the address that Akka adds.</summary>
    private static string Reason(Exception error) => Where().Replace(error.GetBaseException().Message.Split('\n', 2)[0], "").Trim().TrimEnd('.');

    [GeneratedRegex(@"\s*\S*tcp://\S+")]
    private static partial Regex Where();
}
