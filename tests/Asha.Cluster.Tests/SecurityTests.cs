using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Cluster.Security;
using Asha.Cluster.Tests.Harness;
using Xunit.Abstractions;

namespace Asha.Cluster.Tests;

/// <summary>Who is not let in, and what is not read: each against a coordinator and a node that are processes, whose number stays as it was.</summary>
public sealed class SecurityTests(ITestOutputHelper print)
{
    private const string Complete = "1 of 1 coordinators up, 1 node";

    private static readonly TimeSpan _up = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Strangers_do_not_become_members_and_unknown_messages_are_not_read()
    {
        await using var cluster = new ProcessCluster(print, coordinators: 1);
        var coordinator = cluster.StartCoordinator(0);
        var node = cluster.StartNode("node-a", 1);
        await coordinator.SaysAsync(Complete, _up);
        var other = new TestAuthority(Path.Combine(cluster.Folder, "other"), "other");
        await RefusesAsync(cluster, coordinator, "another CA", other.Issue("stranger"), "was not issued by the CA");
        await RefusesAsync(cluster, coordinator, "expired", cluster.Authority.Issue("expired", from: -20, until: -10), "expired on");
        await RefusesAsync(cluster, coordinator, "not yet", cluster.Authority.Issue("early", from: 10, until: 20), "is valid only from");
        await RefusesAsync(cluster, coordinator, "another name", cluster.Authority.Issue("elsewhere", dns: "elsewhere.invalid"), "is for elsewhere.invalid");
        await RefusesAsync(cluster, coordinator, "plain text", null, null);
        await IsNotReadAsync(cluster, coordinator, new OfLaterVersion(), "'start-anything.1' is not known to this version of Asha");
        await IsNotReadAsync(cluster, coordinator, new ByTypeName(), "was not read");
        // Nobody was taken in for a moment, or lost.
        Assert.EndsWith(Complete, coordinator.Said.Trim(), StringComparison.Ordinal);
        Assert.False(node.HasEnded);
        Assert.Empty((await cluster.AskAsync<ExperimentList>(new ListExperiments())).Experiments);
    }

    private async Task RefusesAsync(ProcessCluster cluster, Member coordinator, string kind, TlsFiles? files, string? reason)
    {
        var stranger = Stranger.Join(cluster.Ports[0], files);
        await Task.Delay(TimeSpan.FromSeconds(4));
        print.WriteLine($"{kind}: it sees {Akka.Cluster.Cluster.Get(stranger).State.Members.Count} members");
        Assert.Empty(Akka.Cluster.Cluster.Get(stranger).State.Members);
        await stranger.Terminate();
        Assert.EndsWith(Complete, coordinator.Said.Trim(), StringComparison.Ordinal);
        if (reason is not null)
            Assert.Contains(reason, Log(coordinator), StringComparison.Ordinal);
    }

    private static async Task IsNotReadAsync(ProcessCluster cluster, Member coordinator, object message, string reason)
    {
        var speaker = Stranger.Speaker(cluster.Authority.Issue("speaker"));
        var registry = speaker.ActorSelection($"{cluster.Scheme}://asha@127.0.0.1:{cluster.Ports[0]}/user/registry");
        // The first may be lost while the connection is made.
        for (var said = 0; said < 10 && !Log(coordinator).Contains(reason, StringComparison.Ordinal); said++)
            await Assert.ThrowsAsync<AskTimeoutException>(() => registry.Ask<object>(message, TimeSpan.FromSeconds(1.5)));
        await speaker.Terminate();
        Assert.Contains(reason, Log(coordinator), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_would_be_refused_by_the_others_does_not_even_start()
    {
        await using var cluster = new ProcessCluster(print, coordinators: 1);
        var other = new TestAuthority(Path.Combine(cluster.Folder, "other"), "other");
        var good = cluster.Authority.Issue("good");
        var foreign = other.Issue("stranger");
        await SaysAsync(cluster, "expired", ProcessCluster.Tls(cluster.Authority.Issue("expired", from: -20, until: -10)), "expired.pem: expired on");
        await SaysAsync(cluster, "other-ca", ProcessCluster.Tls(foreign with { Ca = cluster.Authority.Ca }), "stranger.pem: was not issued by the CA");
        await SaysAsync(cluster, "other-name", ProcessCluster.Tls(cluster.Authority.Issue("elsewhere", dns: "elsewhere.invalid")), "is for elsewhere.invalid, but this process is reached as 127.0.0.1");
        await SaysAsync(cluster, "other-key", ProcessCluster.Tls(good with { Key = foreign.Key }), "stranger.key: is not the key of");
        await SaysAsync(cluster, "no-file", ProcessCluster.Tls(good with { Ca = "/nowhere/ca.pem" }), "/nowhere/ca.pem: cannot be read");
        await SaysAsync(cluster, "no-pem", ProcessCluster.Tls(good with { Ca = good.Key }), "has no certificate in it");
        await SaysAsync(cluster, "plain", [], "tls: is missing");
        await SaysAsync(cluster, "reachable", ["--insecure", "--listen", "0.0.0.0:7600"], "can be reached from other machines");
        await SaysAsync(cluster, "both", ["--insecure", .. ProcessCluster.Tls(good)], "leave one of them out");
    }

    private static async Task SaysAsync(ProcessCluster cluster, string name, string[] arguments, string reason)
    {
        var member = cluster.StartOther(name, ["node", "--join", cluster.Join, .. arguments]);
        Assert.Equal(2, (await member.EndAsync(TimeSpan.FromSeconds(60))).Code);
        Assert.Contains(reason, member.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", member.Said, StringComparison.Ordinal);
    }

    private static string Log(Member member) => File.ReadAllText(Path.Combine(member.Data, "asha.log"));
}
