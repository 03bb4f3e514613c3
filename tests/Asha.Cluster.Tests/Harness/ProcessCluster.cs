using System.Globalization;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Asha.Actors;
using Asha.Actors.Messages;
using Asha.Actors.Persistence;
using Asha.Cluster.Security;
using Asha.Core.Experiments;
using Asha.Host.ExperimentFiles;
using Xunit.Abstractions;

namespace Asha.Cluster.Tests.Harness;

/// <summary>Coordinators and nodes on loopback, each a process, and somebody who speaks to the registry from outside. What was started is ended, and nothing else.</summary>
internal sealed class ProcessCluster : IAsyncDisposable
{
    private readonly ITestOutputHelper _print;
    private readonly (string, string)[] _environment;
    private readonly List<Member> _members = [];
    private readonly ActorSystem _outside;
    private readonly string[] _security;
    private readonly Wires? _wires;

    /// <param name="print">The test's.</param>
    /// <param name="coordinators">How many there are to be.</param>
    /// <param name="journal">The connection string of PostgreSQL; <c>null</c>: SQLite.</param>
    /// <param name="isPlain">Without TLS.</param>
    /// <param name="wires">A network in which each member has a machine of its own; <c>null</c>: all are on loopback.</param>
    public ProcessCluster(ITestOutputHelper print, int coordinators, string? journal = null, bool isPlain = false, Wires? wires = null)
    {
        (_print, _wires) = (print, wires);
        Ports = wires is null ? [.. FreePorts.Some(coordinators)] : [.. Enumerable.Repeat(7600, coordinators)];
        Hosts = [.. Enumerable.Range(0, coordinators).Select(index => wires is null ? "127.0.0.1" : wires.Add(Coordinator(index)))];
        var here = wires?.Here ?? "127.0.0.1";
        _environment = [("ASHA_JOURNAL", journal ?? "")];
        Authority = new TestAuthority(Path.Combine(Folder, "tls"));
        var files = Authority.Issue("member", more: wires?.Addresses ?? []);
        _security = isPlain ? ["--insecure"] : Tls(files);
        var config = ConfigurationFactory.ParseString($"akka {{ actor.provider = remote, remote.dot-netty.tcp {{ hostname = \"{here}\", port = 0, enable-ssl = {(isPlain ? "off" : "on")} }} }}")
            .WithFallback(AshaActors.Configuration().GetConfig("asha.cluster.over")).WithFallback(AshaActors.Configuration());
        var setup = ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(config));
        _outside = ActorSystem.Create("outside", isPlain ? setup : setup.And(PeerCheck.Setup(TlsIdentity.Load(files, here, DateTimeOffset.UtcNow), TimeProvider.System)));
        Scheme = isPlain ? "akka.tcp" : "akka.ssl.tcp";
    }

    /// <summary>The test's own.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("asha-cluster-").FullName;

    public TestAuthority Authority { get; }

    /// <summary>Where the coordinators listen.</summary>
    public IReadOnlyList<int> Ports { get; }

    /// <summary>And on which addresses.</summary>
    public IReadOnlyList<string> Hosts { get; }

    public string Scheme { get; }

    /// <summary>What else coordinators and nodes are told, as options.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>The actor system of somebody who is no member.</summary>
    public ActorSystem Outside => _outside;

    public string Join => string.Join(',', Hosts.Zip(Ports, (host, port) => $"{host}:{port}"));

    public Member StartCoordinator(int index) => StartCoordinator(index, []);

    /// <param name="settings">What else it has, as options.</param>
    public Member StartCoordinator(int index, params string[] settings) => Started(new Member(
        _print, Folder, Coordinator(index), Ports[index], _environment, Place(Coordinator(index)),
        ["serve", "--listen", $"{Hosts[index]}:{Ports[index]}", "--api", "127.0.0.1:0", "--join", Join, .. _security, .. Settings, .. settings]));

    public Member StartNode(string name, int slots, params (string, string)[] environment) => StartNode(name, slots, environment, []);

    /// <param name="settings">What else it has, as options.</param>
    public Member StartNode(string name, int slots, (string, string)[] environment, params string[] settings) => Started(new Member(
        _print, Folder, name, _wires is null ? 0 : 7601, [.. environment, ("WITNESS", Folder), ("WITNESS_NODE", name)], Place(name),
        ["node", "--name", name, "--slots", slots.ToString(CultureInfo.InvariantCulture), .. _wires is null ? Array.Empty<string>() : ["--listen", $"{_wires.Add(name)}:7601"], "--join", Join, .. _security, .. Settings, .. settings]));

    /// <summary>A coordinator's name.</summary>
    public static string Coordinator(int index) => $"coordinator-{index + 1}";

    private IEnumerable<string> Place(string member) => _wires?.Enter(member) ?? [];

    /// <summary>A member that is not as the others are.</summary>
    public Member StartOther(string name, params string[] arguments) => Started(new Member(_print, Folder, name, 0, [], [], arguments));

    public static string[] Tls(TlsFiles files) => ["--tls-certificate", files.Certificate, "--tls-key", files.Key, "--tls-ca", files.Ca];

    /// <summary>Asks the registry, by way of a coordinator.</summary>
    public Task<T> AskAsync<T>(object command, int coordinator = 0, double seconds = 10)
        => _outside.ActorSelection($"{Scheme}://asha@{Hosts[coordinator]}:{Ports[coordinator]}/user/registry").Ask<T>(command, TimeSpan.FromSeconds(seconds));

    /// <summary>Asks until somebody answers: whoever asked while the registry was on its way asks again.</summary>
    public async Task<T> AskUntilAsync<T>(object command, int coordinator = 0, double seconds = 120)
    {
        for (var until = DateTime.UtcNow.AddSeconds(seconds); ;)
        {
            try
            {
                return await AskAsync<T>(command, coordinator, 2);
            }
            catch (AskTimeoutException) when (DateTime.UtcNow < until)
            {
            }
        }
    }

    /// <summary>Waits until the registry has heard of a node: that it is up is not enough.</summary>
    public async Task KnowsAsync(string node)
    {
        for (var until = DateTime.UtcNow + Member.Patience; !(await AskUntilAsync<RegistryRefused>(new DrainMember("nobody"))).Reason.Contains(node, StringComparison.Ordinal); await Task.Delay(100))
        {
            if (DateTime.UtcNow > until)
                throw new TimeoutException($"{node} has not announced itself.");
        }
    }

    /// <summary>The experiment, once it has ended.</summary>
    public async Task<ListedExperiment> EndAsync(string run, double seconds, int coordinator = 0)
    {
        ListedExperiment? last = null;
        for (var until = DateTime.UtcNow.AddSeconds(seconds); DateTime.UtcNow < until; await Task.Delay(200))
        {
            last = (await AskUntilAsync<ExperimentList>(new ListExperiments(), coordinator)).Experiments.Single(experiment => experiment.Run == run);
            if (last.Phase is RunPhase.Over or RunPhase.Paused)
                return last;
        }
        throw new TimeoutException($"{run} has not ended within {seconds} s: {last}");
    }

    /// <summary>An experiment whose trials are a script of bash.</summary>
    public ExperimentSpec Experiment(string name, int trials, string script, double max = 9, double min = 1)
    {
        var path = Path.Combine(Folder, $"{name}.sh");
        File.WriteAllText(path, script);
        var read = ExperimentFile.Read($$"""
            name: {{name}}
            metric: {name: loss, mode: min}
            resource: {name: step, min: {{min.ToString(CultureInfo.InvariantCulture)}}, max: {{max.ToString(CultureInfo.InvariantCulture)}}}
            scheduler: {type: asha, reduction-factor: 3, trials: {{trials}}}
            space:
              x: {type: uniform, min: 0, max: 1}
            trial: {command: [bash, {{path}}]}
            """, "test", Folder, [], new Machine(2, 0));
        return read.Spec ?? throw new InvalidOperationException(string.Join('\n', read.Problems));
    }

    /// <summary>Steps of a moment each, with a checkpoint; the loss is x and falls a little.</summary>
    public const string Steps = """
        for step in $(seq $((ASHA_START_RESOURCE + 1)) "$ASHA_TARGET_RESOURCE"); do
          sleep 0.05
          echo "$step $$" > "$ASHA_CHECKPOINT_DIR/step-$step"
          echo "@asha {\"resource\": $step, \"metric\": $(awk "BEGIN { print $ASHA_PARAM_X + 1 / $step }"), \"checkpoint\": \"step-$step\"}"
        done
        """;

    public async ValueTask DisposeAsync()
    {
        _members.ForEach(member => member.Dispose());
        await _outside.Terminate();
        Leftovers.End(Folder);
        Directory.Delete(Folder, recursive: true);
    }

    private Member Started(Member member)
    {
        _members.Add(member);
        return member;
    }
}
