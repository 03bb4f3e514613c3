using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Cluster.Security;
using Asha.Cluster.Tests.Harness;
using Xunit.Abstractions;

namespace Asha.Cluster.Tests;

/// <summary>Who is not let in, and what is not read: each against a coordinator and a node that are processes, whose number stays as it was.</summary>
[Collection(SharedClusters.Lone)]
public sealed class SecurityTests(ITestOutputHelper print, LoneCluster lone)
{
    [Fact]
    public async Task Strangers_do_not_become_members_and_unknown_messages_are_not_read()
    {
        lone.PrintTo(print);
        var (cluster, coordinator) = (lone.Cluster, lone.Coordinator);
        var mark = coordinator.Mark;
        var other = new TestAuthority(Path.Combine(cluster.Folder, "other"), "other");
        await Task.WhenAll(
            RefusesAsync("another CA", other.Issue("stranger"), "was not issued by the CA"),
            RefusesAsync("expired", cluster.Authority.Issue("expired", from: -20, until: -10), "expired on"),
            RefusesAsync("not yet", cluster.Authority.Issue("early", from: 10, until: 20), "is valid only from"),
            RefusesAsync("another name", cluster.Authority.Issue("elsewhere", dns: "elsewhere.invalid"), "is for elsewhere.invalid"),
            RefusesAsync("plain text", null, null));
        await IsNotReadAsync(cluster, coordinator, new OfLaterVersion(), "start-anything.1");
        await IsNotReadAsync(cluster, coordinator, new ByTypeName(), "was not read");
        // Nobody was taken in for a moment, or lost.
        Assert.Equal("", coordinator.Said[mark..]);
        Assert.False(lone.Node.HasEnded);
        Assert.NotEqual(0, (await cluster.AskUntilAsync<ExperimentList>(new ListExperiments())).Epoch);
    }

    private async Task RefusesAsync(string kind, TlsFiles? files, string? reason)
    {
        var from = lone.Coordinator.LogMark;
        var stranger = Stranger.Join(lone.Cluster.Ports[0], files);
        if (reason is not null)
            await lone.Coordinator.LogsAsync(reason, Member.Patience, from);
        await Task.Delay(TimeSpan.FromSeconds(4)); // It tries more than once.
        print.WriteLine($"{kind}: it sees {Akka.Cluster.Cluster.Get(stranger).State.Members.Count} members");
        Assert.Empty(Akka.Cluster.Cluster.Get(stranger).State.Members);
        if (reason is not null) // And it is written down once.
            Assert.Single(lone.Coordinator.Log[from..].Split('\n'), line => line.Contains("Refused", StringComparison.Ordinal) && line.Contains(reason, StringComparison.Ordinal));
        await stranger.Terminate();
    }

    private static async Task IsNotReadAsync(ProcessCluster cluster, Member coordinator, object message, string reason)
    {
        var speaker = Stranger.Speaker(cluster.Authority.Issue("speaker"));
        var registry = speaker.ActorSelection($"{cluster.Scheme}://asha@127.0.0.1:{cluster.Ports[0]}/user/registry");
        // The first may be lost while the connection is made.
        for (var said = 0; said < 10 && !coordinator.Log.Contains(reason, StringComparison.Ordinal); said++)
            await Assert.ThrowsAsync<AskTimeoutException>(() => registry.Ask<object>(message, TimeSpan.FromSeconds(1.5)));
        await speaker.Terminate();
        Assert.Contains(reason, coordinator.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_would_be_refused_by_the_others_does_not_even_start()
    {
        lone.PrintTo(print);
        var cluster = lone.Cluster;
        var other = new TestAuthority(Path.Combine(cluster.Folder, "foreign"), "foreign");
        var good = cluster.Authority.Issue("good");
        var foreign = other.Issue("foreign");
        await Task.WhenAll(
            SaysAsync(cluster, "expired", ProcessCluster.Tls(cluster.Authority.Issue("outdated", from: -20, until: -10)), "outdated.pem: expired on"),
            SaysAsync(cluster, "other-ca", ProcessCluster.Tls(foreign with { Ca = cluster.Authority.Ca }), "foreign.pem: was not issued by the CA"),
            SaysAsync(cluster, "other-name", ProcessCluster.Tls(cluster.Authority.Issue("wrong-name", dns: "elsewhere.invalid")), "is for elsewhere.invalid, but this process is reached as 127.0.0.1"),
            SaysAsync(cluster, "other-key", ProcessCluster.Tls(good with { Key = foreign.Key }), "foreign.key: is not the key of"),
            SaysAsync(cluster, "no-file", ProcessCluster.Tls(good with { Ca = "/nowhere/ca.pem" }), "/nowhere/ca.pem: cannot be read"),
            SaysAsync(cluster, "no-pem", ProcessCluster.Tls(good with { Ca = good.Key }), "has no certificate in it"),
            SaysAsync(cluster, "plain", [], "tls: is missing"),
            SaysAsync(cluster, "reachable", ["--insecure", "--listen", "0.0.0.0:7600"], "can be reached from other machines"),
            SaysAsync(cluster, "both", ["--insecure", .. ProcessCluster.Tls(good)], "leave one of them out"));
    }

    private static async Task SaysAsync(ProcessCluster cluster, string name, string[] arguments, string reason)
    {
        var member = cluster.StartOther(name, ["node", "--join", cluster.Join, .. arguments]);
        Assert.Equal(2, (await member.EndAsync(TimeSpan.FromSeconds(60))).Code);
        Assert.Contains(reason, member.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", member.Said, StringComparison.Ordinal);
    }
}
