using Asha.Cluster.Settings;

namespace Asha.Cluster.Tests;

/// <summary>What members are told, before anything is started.</summary>
public sealed class SettingsTests
{
    private static readonly HostPort[] _three = [new("10.0.0.1", 7600), new("10.0.0.2", 7600), new("10.0.0.3", 7600)];

    private static readonly Security.TlsFiles _tls = new("c.pem", "c.key", "ca.pem");

    [Theory]
    [InlineData("10.0.0.5:7600", "10.0.0.5", 7600)]
    [InlineData("tuner-1.example.org:0", "tuner-1.example.org", 0)]
    [InlineData("[::1]:7600", "::1", 7600)]
    public void An_address_reads_and_writes_the_same(string text, string host, int port)
    {
        Assert.Equal(new HostPort(host, port), HostPort.Parse(text));
        Assert.Equal(text, HostPort.Parse(text)!.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("7600")]
    [InlineData(":7600")]
    [InlineData("host")]
    [InlineData("host:70000")]
    [InlineData("host:-1")]
    [InlineData("::1:7600")]
    [InlineData("a b:1")]
    public void What_is_no_address_is_none(string text) => Assert.Null(HostPort.Parse(text));

    [Fact]
    public void Several_coordinators_need_a_journal_that_all_can_reach()
    {
        var settings = new CoordinatorSettings { Listen = _three[0], Join = _three, Data = "/data", Api = new HostPort("127.0.0.1", 7610), Tls = _tls };
        Assert.Contains("SQLite", Assert.Single(settings.Problems()), StringComparison.Ordinal);
        Assert.Empty((settings with { JournalServer = "Host=db" }).Problems());
        Assert.Empty((settings with { Join = [_three[0]] }).Problems());
        Assert.Equal(2, settings.Majority);
    }

    [Fact]
    public void A_coordinator_is_one_of_those_that_all_join()
        => Assert.Contains("10.0.0.9:7600", Assert.Single(new CoordinatorSettings { Listen = new HostPort("10.0.0.9", 7600), Join = [_three[0]], Data = "/data", Api = new HostPort("127.0.0.1", 7610), Tls = _tls }.Problems()), StringComparison.Ordinal);

    [Fact]
    public void An_api_that_others_can_reach_needs_a_token()
        => Assert.Contains("token-file", Assert.Single(new CoordinatorSettings { Listen = _three[0], Join = [_three[0]], Data = "/data", Api = new HostPort("10.0.0.1", 7610), Tls = _tls }.Problems()), StringComparison.Ordinal);

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("localhost", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("10.0.0.5", false)]
    public void A_node_answers_Prometheus_beyond_its_own_machine_over_TLS_and_with_a_token(string host, bool isLoopback)
    {
        var node = new NodeSettings { Listen = new HostPort("10.0.0.5", 7601), Join = _three, Data = "/data", Name = "n", Slots = 1, Cpus = 1, Tls = _tls, Metrics = new HostPort(host, 9464) };
        Assert.Equal(isLoopback ? [] : [$"token-file: is missing: {host}:9464 (metrics) can be reached from other machines"], Problems(node));
        Assert.Empty(Problems(node with { TokenFile = "/token" }));
        var plain = node with { Listen = new HostPort("127.0.0.1", 7601), Join = [new HostPort("127.0.0.1", 7600)], Tls = null, Insecure = true, TokenFile = "/token" };
        Assert.Equal(isLoopback ? [] : [$"metrics: {host}:9464 can be reached from other machines; with insecure: true only 127.0.0.1"], Problems(plain));

        static IEnumerable<string> Problems(NodeSettings settings) => settings.Problems().Select(problem => problem.Split(',')[0]);
    }

    [Fact]
    public void A_node_hands_out_checkpoints_where_it_is_reached_unless_all_have_the_same_folder()
    {
        var node = new NodeSettings { Listen = new HostPort("10.0.0.5", 7601), Join = _three, Data = "/data", Name = "n", Slots = 1, Cpus = 1, Tls = _tls };
        Assert.Equal(new HostPort("10.0.0.5", 0), node.HandsOutAt);
        Assert.Equal(7620, (node with { Files = new HostPort("10.0.0.5", 7620) }).HandsOutAt.Port);
        Assert.True(node.HandsOutCheckpoints);
        // Then nobody has to fetch any; but what trials print is still there.
        Assert.False((node with { Checkpoints = Path.GetTempPath() }).HandsOutCheckpoints);
        Assert.Equal(new HostPort("10.0.0.5", 0), (node with { Checkpoints = Path.GetTempPath() }).HandsOutAt);
        Assert.Empty((node with { Checkpoints = Path.GetTempPath() }).Problems());
        Assert.Contains("there is no such folder", Assert.Single((node with { Checkpoints = "/nowhere/shared" }).Problems()), StringComparison.Ordinal);
        Assert.Contains("every address", Assert.Single((node with { Files = new HostPort("0.0.0.0", 7620) }).Problems()), StringComparison.Ordinal);
        Assert.Contains("files: 10.0.0.5:7620", Assert.Single((node with { Listen = new HostPort("127.0.0.1", 0), Join = [new HostPort("127.0.0.1", 7600)], Tls = null, Insecure = true, Files = new HostPort("10.0.0.5", 7620) }).Problems()), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_laid_over_for_a_cluster_is_what_counts()
    {
        var config = ClusterConfig.Of(new NodeSettings { Listen = new HostPort("127.0.0.1", 0), Join = _three, Data = "/data", Name = "n", Slots = 1, Cpus = 1, Tls = _tls });
        Assert.Equal("cluster", config.GetString("akka.actor.provider"));
        Assert.True(config.GetBoolean("akka.remote.dot-netty.tcp.enable-ssl"));
        Assert.Equal(2, config.GetInt("akka.cluster.role.coordinator.min-nr-of-members"));
        Assert.Equal("akka.ssl.tcp://asha@10.0.0.1:7600", config.GetStringList("akka.cluster.seed-nodes")[0]);
        Assert.Contains("RefusingJson", config.GetString("akka.actor.serializers.json"), StringComparison.Ordinal);
        // And what a machine by itself has, stays.
        Assert.Contains("AshaSerializer", config.GetString("akka.actor.serializers.asha"), StringComparison.Ordinal);
        Assert.Equal("local", Asha.Actors.AshaActors.Configuration().GetString("akka.actor.provider", "local"));
    }
}
