using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Asha.Actors;
using Asha.Actors.Messages;
using Asha.Actors.Persistence;
using Asha.Cluster.Coordinators;
using Asha.Core.Experiments;
using Asha.Core.Spaces;

namespace Asha.Cluster.Tests;

/// <summary>The registry, with the test as the hosts of its runs and as its nodes.</summary>
public sealed class RegistryTests : TestKit
{
    private static readonly ExperimentSpec _spec = new("one", new("loss", MetricMode.Min), new("step", 1, 9), new(SchedulerType.Asha, 3, 9), new SearchSpace([new("x", Domain.Uniform(0, 1))]), new TrialSpec(["true"], "/"));

    private readonly TestProbe _hosts, _node;
    private readonly IActorRef _registry;

    public RegistryTests() : base(ConfigurationFactory.ParseString("""
        akka { loglevel = ERROR, actor.provider = cluster, remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 }, test.single-expect-default = 20s }
        akka.persistence.journal.plugin = "akka.persistence.journal.inmem"
        """).WithFallback(AshaActors.Configuration().GetConfig("asha.cluster.over")).WithFallback(AshaActors.Configuration()))
    {
        (_hosts, _node) = (CreateTestProbe("hosts"), CreateTestProbe("node"));
        _registry = Sys.ActorOf(ClusterSupervisor.Props(_hosts, TimeProvider.System), "registry");
    }
}
