using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Asha.Actors;
using Asha.Actors.Messages;
using Asha.Actors.Persistence;
using Asha.Cluster.Coordinators;
using Asha.Core.Experiments;
using Asha.Host.ExperimentFiles;
using Asha.Tuning.Runs;

namespace Asha.Cluster.Tests;

/// <summary>The registry, with the test as the hosts of its runs and as its nodes.</summary>
public sealed class RegistryTests : TestKit
{
    private static readonly ExperimentSpec _spec = ExperimentFile.Read("""
            name: one
            metric: {name: loss, mode: min}
            resource: {name: step, max: 9}
            scheduler: {type: asha, reduction-factor: 3, trials: 9}
            space: {x: {type: uniform, min: 0, max: 1}}
            trial: {command: ["true"]}
            """, "test", "/", [], new Machine(1, 0)).Spec!;

    private readonly TestProbe _hosts, _node;
    private readonly IActorRef _registry;
    private readonly string _run;

    public RegistryTests() : base(ConfigurationFactory.ParseString("""
        akka {
          loglevel = ERROR
          stdout-loglevel = OFF
          actor.provider = cluster
          remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 }
          test.single-expect-default = 20s
        }
        akka.persistence.journal.plugin = "akka.persistence.journal.inmem"
        """).WithFallback(AshaActors.Configuration().GetConfig("asha.cluster.over")).WithFallback(AshaActors.Configuration()))
    {
        (_hosts, _node) = (CreateTestProbe("hosts"), CreateTestProbe("node"));
        _registry = Sys.ActorOf(ClusterSupervisor.Props(_hosts, TimeProvider.System, new Succession(() => { })), "registry");
        _run = Ask<ExperimentSubmitted>(new SubmitExperiment("one", _spec)).Run;
    }

    private T Ask<T>(object command)
    {
        var asker = CreateTestProbe();
        _registry.Tell(command, asker);
        return asker.ExpectMsg<T>();
    }

    private RunPhase Phase => Ask<ExperimentList>(new ListExperiments()).Experiments.Single().Phase;

    /// <summary>The run is woken as this opening, by whichever message it is: they are said again.</summary>
    private void AwakenAs(int opening)
    {
        _hosts.FishForMessage<WakeRun>(wake => wake.Opening == opening);
        _registry.Tell(new RunAwake(_run), _hosts);
    }

    private void Pause(int opening)
    {
        Ask<RegistryDone>(new PauseExperiment(_run));
        _hosts.FishForMessage<EndRun>(_ => true);
        _registry.Tell(new RunEnded(_run, FinalOutcome.Paused, "", opening), _hosts);
        _hosts.FishForMessage<RunEndKnown>(_ => true);
        Assert.Equal(RunPhase.Paused, Phase);
    }

    [Fact]
    public void An_end_that_is_said_again_does_not_end_what_was_gone_on_with_since()
    {
        AwakenAs(1);
        Pause(1);
        Ask<RegistryDone>(new ResumePaused(_run));
        AwakenAs(2);
        _registry.Tell(new RunEnded(_run, FinalOutcome.Paused, "", 1), _hosts); // The answer to the first was lost.
        _hosts.FishForMessage<RunEndKnown>(_ => true);
        Assert.Equal(RunPhase.Open, Phase);
        Pause(2);
    }

    [Fact]
    public void A_node_hears_that_a_run_is_over_and_nothing_of_one_that_may_be_gone_on_with()
    {
        AwakenAs(1);
        Asks();
        Pause(1);
        Asks();
        Ask<RegistryDone>(new CancelExperiment(_run));
        AwakenAs(2);
        Asks();
        _registry.Tell(new RunEnded(_run, FinalOutcome.Cancelled, "", 2), _hosts);
        _hosts.FishForMessage<RunEndKnown>(_ => true);
        Assert.False(_node.HasMessages);
        Asks();
        Assert.Equal(_run, _node.ExpectMsg<RunIsOver>().Run);
    }

    /// <summary>The answer to its word was lost, and the run is resumed: it is told to wake, and is not the one that goes on.</summary>
    [Fact]
    public void A_host_that_has_ended_the_opening_before_gives_way_at_once_and_does_not_end_the_next()
    {
        var (shard, registry) = (CreateTestProbe("shard"), CreateTestProbe("registry"));
        var folder = Directory.CreateTempSubdirectory("asha-host-");
        var host = shard.ChildActorOf(ExperimentHost.Props(new HostSetup(registry, folder.FullName, TimeSpan.FromSeconds(5))));
        var wake = new WakeRun("run", _spec, EngineOrigin.Of("run", DateTimeOffset.UtcNow), 1, Opening: 1);
        host.Tell(wake);
        registry.FishForMessage<OpenExperiment>(_ => true);
        host.Tell(new EndRun("run", FinalOutcome.Paused));
        Assert.Equal((1, "paused"), registry.FishForMessage<RunEnded>(_ => true) is var ended ? (ended.Opening, ended.Outcome) : default);
        host.Tell(wake); // The registry has not heard that.
        registry.FishForMessage<RunAwake>(_ => true);
        registry.FishForMessage<RunEnded>(_ => true);
        host.Tell(wake with { Opening = 2 });
        Assert.Equal("Passivate", shard.ExpectMsg<object>().GetType().Name);
        folder.Delete(recursive: true);
    }

    [Fact]
    public void A_registry_that_another_coordinator_has_followed_does_not_take_the_journal_back()
    {
        var followed = 0;
        var (here, succession, journal) = (Akka.Cluster.Cluster.Get(Sys).SelfAddress.ToString(), new Succession(() => followed++), new Registry());
        journal.Apply(new RegistryBegun(1, DateTimeOffset.UnixEpoch, "akka.tcp://asha@10.0.0.1:7600"));
        Assert.True(succession.MayBegin(journal, here)); // It is the first here, and has taken over.
        Assert.True(succession.MayBegin(journal, here)); // That could not be written.
        succession.HasBegun();
        journal.Apply(new RegistryBegun(2, DateTimeOffset.UnixEpoch, here));
        Assert.True(succession.MayBegin(journal, here));
        Assert.Equal(0, followed);
        journal.Apply(new RegistryBegun(3, DateTimeOffset.UnixEpoch, "akka.tcp://asha@10.0.0.2:7600"));
        Assert.False(succession.MayBegin(journal, here));
        Assert.Equal(1, followed);
    }

    [Fact]
    public void A_rehearsal_reads_what_there_is_and_goes()
    {
        var rehearsal = Watch(Sys.ActorOf(Rehearsal.Props()));
        ExpectTerminated(rehearsal);
        Assert.NotEqual(_run, Ask<ExperimentSubmitted>(new SubmitExperiment("two", _spec)).Run); // It has written nothing in between.
    }

    /// <summary>Returns when all that comes of it has been said.</summary>
    private void Asks()
    {
        _registry.Tell(new IsRunOver(_run), _node);
        _ = Phase;
        var probe = CreateTestProbe();
        Sys.ActorSelection(_registry.Path / "slots").Tell(new Identify(1), probe);
        probe.ExpectMsg<ActorIdentity>();
        _ = Phase;
    }
}
