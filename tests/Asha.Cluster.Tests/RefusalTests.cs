using Asha.Cluster.Security;
using Asha.Cluster.Settings;

namespace Asha.Cluster.Tests;

/// <summary>Whoever is refused tries again and again: what is written of that, and how often it tries.</summary>
public sealed class RefusalTests
{
    private static readonly DateTimeOffset _begin = new(2026, 11, 26, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Who_is_refused_again_and_again_is_written_down_seldom_and_counted()
    {
        var lines = new RefusalLines();
        // Twice a second for three hours, from another port each time.
        string[] written = [.. Enumerable.Range(0, 2 * 3 * 3600).Select(second => lines.Of($"[::ffff:10.0.0.66]:{40000 + (second % 1000)}", "was not issued by the CA: its issuer is CN=other", _begin.AddSeconds(second / 2.0))).OfType<string>()];
        Assert.Equal(8, written.Length);
        Assert.StartsWith("Refused [::ffff:10.0.0.66]:40000: its certificate was not issued by the CA: its issuer is CN=other. One of the two", written[0], StringComparison.Ordinal);
        Assert.Equal("Refused [::ffff:10.0.0.66]:40120, and 120 times since 10:00:00Z: its certificate was not issued by the CA: its issuer is CN=other", written[1]);
        Assert.Contains(", and 240 times since 10:01:00Z", written[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Another_reason_or_another_address_is_written_at_once()
    {
        var lines = new RefusalLines();
        Assert.NotNull(lines.Of("10.0.0.66:40000", "expired on 2026-11-01", _begin));
        Assert.Null(lines.Of("10.0.0.66:40001", "expired on 2026-11-01", _begin));
        Assert.NotNull(lines.Of("10.0.0.66:40002", "is missing", _begin));
        Assert.NotNull(lines.Of("10.0.0.67:40003", "expired on 2026-11-01", _begin));
        Assert.NotNull(lines.Of("akka.ssl.tcp://asha@10.0.0.66:7600", "expired on 2026-11-01", _begin));
    }

    [Fact]
    public void Who_asks_for_checkpoints_is_counted_apart_from_who_would_be_a_member()
    {
        var lines = new RefusalLines();
        Assert.NotNull(lines.Of("10.0.0.66:40000", "is missing", _begin));
        Assert.Equal("Refused 10.0.0.66:40001, which asked for checkpoints: its certificate is missing", lines.Of("10.0.0.66:40001", "is missing", _begin, ", which asked for checkpoints"));
        Assert.Null(lines.Of("10.0.0.66:40002", "is missing", _begin, ", which asked for checkpoints"));
    }

    [Fact]
    public void Who_is_not_let_in_asks_more_and_more_seldom_and_says_so_seldom_until_it_is()
    {
        var said = new List<string>();
        var tries = new RefusedTries(said.Add);
        for (var time = 0; time < 20; time++)
        {
            Assert.True(tries.IsRefused(MemberSystem.GivenUp));
            tries.Say();
        }
        Assert.Equal(2, said.Count);
        Assert.Equal([.5, 1, 2, 4, 8, 16, 30, 30], Enumerable.Range(1, 8).Select(tries => RefusedTries.PauseBefore(tries).TotalSeconds));
        Assert.Equal(30, RefusedTries.PauseBefore(100).TotalSeconds);
        tries.LetIn();
        Assert.False(tries.IsRefused(MemberSystem.GivenUp)); // That is another matter: it goes back at once.
        Assert.True(tries.AwaitNextTryAsync(CancellationToken.None).IsCompleted);
    }

    [Fact]
    public void Who_refuses_the_others_says_so_as_soon_as_it_has_seen_their_certificates_and_then_seldom()
    {
        var said = new List<string>();
        var refusals = new RefusalLines();
        var tries = new RefusedTries(said.Add, refusals);
        Try();
        Assert.StartsWith($"not let in: {MemberSystem.GivenUp}; ", Assert.Single(said), StringComparison.Ordinal);
        Try();
        Assert.Single(said);
        refusals.Of("akka.ssl.tcp://asha@10.0.0.66:7600", "expired on 2026-11-01", _begin);
        Try();
        Assert.Equal(2, said.Count);
        Assert.StartsWith("not let in: this process refuses 10.0.0.66:7600: its certificate expired on 2026-11-01. ", said[1], StringComparison.Ordinal);
        // Another of them is no news; the eleventh time is.
        refusals.Of("akka.ssl.tcp://asha@10.0.0.67:7600", "expired on 2026-11-01", _begin);
        for (var time = 3; time < 11; time++)
            Try();
        Assert.Equal(3, said.Count);
        Assert.Contains("10.0.0.67:7600", said[2], StringComparison.Ordinal);
        // What was once refused is no reason for what comes after it was let in.
        tries.LetIn();
        Assert.False(tries.IsRefused(MemberSystem.GivenUp));
        Try();
        Assert.StartsWith($"not let in: {MemberSystem.GivenUp}; ", said[3], StringComparison.Ordinal);

        void Try()
        {
            Assert.True(tries.IsRefused(MemberSystem.GivenUp));
            tries.Say();
        }
    }
}
