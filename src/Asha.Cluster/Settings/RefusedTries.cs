using Asha.Cluster.Security;

namespace Asha.Cluster.Settings;

/// <summary>
/// Tries of a process that the others do not let in: it makes its actor system anew each time, and asks more and more seldom, every half minute in the end. That it is so it says at first, then every tenth time, and when it turns out that it is this process that refuses them.
/// </summary>
/// <param name="say">Tells people.</param>
/// <param name="refusals">Whom this process itself refuses; <c>null</c>: without TLS, nobody.</param>
internal sealed class RefusedTries(Action<string> say, RefusalLines? refusals = null)
{
    /// <summary>The pause before each try in the end.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan _first = TimeSpan.FromSeconds(.5);

    private int _tries;
    private bool _saysWhom;

    /// <summary>Whether the actor system that there is has been let in.</summary>
    public bool IsIn { get; private set; }

    /// <summary>The next time is as the first.</summary>
    public void LetIn()
    {
        (IsIn, _tries) = (true, 0);
        refusals?.ForgetOutgoing();
    }

    /// <summary>The actor system is at its end.</summary>
    /// <param name="reason">Why; as of <see cref="MemberSystem.RunAsync"/>.</param>
    /// <returns>Whether it never was in, though others have answered.</returns>
    public bool IsRefused(string reason)
    {
        var isRefused = !IsIn && reason == MemberSystem.GivenUp;
        (IsIn, _tries) = (false, isRefused ? _tries + 1 : 0);
        return isRefused;
    }

    /// <summary>A process that refuses the others, and is refused by them, may be cut off some times before it has seen what it refuses.</summary>
    public void Say()
    {
        var refused = refusals?.Outgoing;
        if (_tries % 10 != 1 && (refused is null || _saysWhom))
            return;
        _saysWhom = refused is not null;
        say(refused is not null
            ? $"not let in: this process refuses {refused}. It tries again, every {Longest.TotalSeconds:0} s in the end; mend tls.certificate or tls.ca, and start it again"
            : $"not let in: {MemberSystem.GivenUp}; it tries again, every {Longest.TotalSeconds:0} s in the end. 'Refused' in the log, here and of the coordinators, says whether a certificate is why; then mend tls.certificate or tls.ca, and start it again");
    }

    /// <summary>Whoever was in, or was not refused, goes on at once.</summary>
    public Task AwaitNextTryAsync(CancellationToken leave) => _tries == 0 ? Task.CompletedTask : Task.WhenAny(Task.Delay(PauseBefore(_tries), leave));

    /// <summary>So long before the next try, after so many in vain.</summary>
    internal static TimeSpan PauseBefore(int tries) => tries > 7 ? Longest : TimeSpan.FromTicks(Math.Min(Longest.Ticks, _first.Ticks << (tries - 1)));
}
