using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Asha.Actors;
using Asha.Actors.Messages;
using Asha.Cluster.Coordinators;
using Asha.Core.Experiments;
using Asha.Host.ExperimentFiles;

namespace Asha.Cluster.Tests.Harness;

/// <summary>The registry as it is, its journal in memory, with the test as the hosts of its runs and as its nodes.</summary>
public abstract class RegistryKit : TestKit
{
    internal static ExperimentSpec Spec { get; } = ExperimentFile.Read("""
            name: one
            metric: {name: loss, mode: min}
            resource: {name: step, max: 9}
            scheduler: {type: asha, reduction-factor: 3, trials: 9}
            space: {x: {type: uniform, min: 0, max: 1}}
            trial: {command: ["true"]}
            """, "test", "/", [], new Machine(1, 0)).Spec!;

    /// <param name="first">Settings that come before the rest.</param>
    protected RegistryKit(string first = "") : base(ConfigurationFactory.ParseString(first).WithFallback(ConfigurationFactory.ParseString("""
        akka {
          loglevel = ERROR
          stdout-loglevel = OFF
          actor.provider = cluster
          remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 }
          test.single-expect-default = 20s
        }
        akka.persistence.journal.plugin = "akka.persistence.journal.inmem"
        """)).WithFallback(AshaActors.Configuration().GetConfig("asha.cluster.over")).WithFallback(AshaActors.Configuration()))
    {
        (Hosts, Node) = (CreateTestProbe("hosts"), CreateTestProbe("node"));
        Registry = Begin("registry", Hosts);
    }

    protected TestProbe Hosts { get; }

    protected TestProbe Node { get; }

    /// <summary>The one that there is.</summary>
    protected IActorRef Registry { get; private set; }

    /// <summary>It is gone, at once, and another follows, which knows nothing but the journal.</summary>
    /// <param name="region">The way to the runs' hosts, if it is another from now on.</param>
    protected void Follow(IActorRef? region = null)
    {
        Watch(Registry);
        Sys.Stop(Registry);
        ExpectTerminated(Registry);
        Registry = Begin("next-registry", region ?? Hosts);
    }

    protected T Ask<T>(object command)
    {
        var asker = CreateTestProbe();
        Registry.Tell(command, asker);
        return asker.ExpectMsg<T>();
    }

    protected string Submit(string request) => Ask<ExperimentSubmitted>(new SubmitExperiment(request, Spec)).Run;

    private IActorRef Begin(string name, IActorRef region) => Sys.ActorOf(ClusterSupervisor.Props(region, TimeProvider.System, new Succession(() => { }, _ => { })), name);
}
