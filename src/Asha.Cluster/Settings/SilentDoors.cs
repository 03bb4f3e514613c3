using System.Numerics;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using System.Text.RegularExpressions;
using Akka.Actor;

namespace Asha.Cluster.Settings;

/// <summary>Tells people that no coordinator can be reached, and why: whoever starts a node before them, or with a wrong address, would otherwise see nothing happen. Said when each has been tried once, and then more and more seldom, not by a member that is up.</summary>
/// <param name="coordinators">Their addresses.</param>
/// <param name="say">Tells people.</param>
/// <param name="rounds">How often each has been tried; the process's, as each of its actor systems goes on where the one before has ended.</param>
internal sealed partial class SilentDoors(IReadOnlyList<Address> coordinators, Action<string> say, StrongBox<uint> rounds) : FailedTries(coordinators)
{
    private readonly int _all = coordinators.Count;

    /// <summary>What came of the newest try of each since it was said last.</summary>
    private readonly SortedDictionary<string, string> _reasons = new(StringComparer.Ordinal);

    public static Props Props(IReadOnlyList<Address> coordinators, Action<string> say, StrongBox<uint> rounds) => Akka.Actor.Props.Create(() => new SilentDoors(coordinators, say, rounds));

    protected override void Failed(Address coordinator, Exception why, bool isRefusal)
    {
        if (isRefusal)
            return;
        _reasons[$"{coordinator.Host}:{coordinator.Port}"] = Reason(why);
        if (_reasons.Count < _all)
            return;
        if (BitOperations.IsPow2(++rounds.Value) && BitOperations.Log2(rounds.Value) % 3 == 0) // At once, after some 5 s, 40 s, 5 minutes and so on.
            say($"no coordinator can be reached: {string.Join("; ", _reasons.Select(one => $"{one.Key}: {one.Value}"))}. It is tried again; if this stays so, see whether they run, and whether join names where they listen");
        _reasons.Clear();
    }

    /// <summary>What the system says of the connection, without the address that Akka adds; of what <see cref="Security.PeerCheck"/> refuses it names the function that did.</summary>
    private static string Reason(Exception error) => error.GetBaseException() is AuthenticationException
        ? "this process refuses it, and 'Refused' in the log says why"
        : Where().Replace(error.GetBaseException().Message.Split('\n', 2)[0], "").Trim().TrimEnd('.');

    [GeneratedRegex(@"\s*\S*tcp://\S+")]
    private static partial Regex Where();
}
