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
    public void A_node_hears_whether_a_run_is_paused_or_over_and_nothing_of_one_that_is_open()
    {
        AwakenAs(1);
        Asks();
        Assert.False(_node.HasMessages);
        Pause(1);
        Asks();
        Assert.Equal(_run, _node.ExpectMsg<RunIsPaused>().Run);
        Ask<RegistryDone>(new CancelExperiment(_run));
        AwakenAs(2);
        Asks();
        _registry.Tell(new RunEnded(_run, FinalOutcome.Cancelled, "", 2), _hosts);
        _hosts.FishForMessage<RunEndKnown>(_ => true);
        Assert.False(_node.HasMessages);
        Asks();
        Assert.Equal(_run, _node.ExpectMsg<RunIsOver>().Run);
        _registry.Tell(new IsRunOver("nobody-knows-it"), _node); // Of a cluster before this one's database.
        Assert.Equal("nobody-knows-it", _node.ExpectMsg<RunIsOver>().Run);
    }

    /// <summary>Its coordinator is gone before that word was heard; the next reads in the journal that all is over, and says nothing but that.</summary>
    [Fact]
    public void A_run_that_is_over_holds_no_slot_though_its_own_word_of_that_was_lost()
    {
        AwakenAs(1);
        var (before, other) = (CreateTestProbe("before"), CreateTestProbe("other"));
        _registry.Tell(new OpenExperiment(_run, 1, Writer: 1), before);
        _registry.Tell(new JoinNode("node", 1, 1), _node);
        before.FishForMessage<GrantSlots>(_ => true);
        Sys.Stop(before);
        _registry.Tell(new OpenExperiment("other", 1, Writer: 1), other);
        other.ExpectMsg<ToldSoFar>();
        Assert.Equal(RunPhase.Open, Phase);
        _registry.Tell(new RunEnded(_run, FinalOutcome.Cancelled, "", 1), _hosts);
        Assert.Single(other.FishForMessage<GrantSlots>(_ => true).Slots);
    }

    [Fact]
    public void A_cancel_that_was_taken_while_it_was_being_paused_is_not_lost_to_the_pause()
    {
        AwakenAs(1);
        Ask<RegistryDone>(new PauseExperiment(_run));
        Ask<RegistryDone>(new CancelExperiment(_run));
        _registry.Tell(new RunEnded(_run, FinalOutcome.Paused, "", 1), _hosts); // It was written before it heard of the cancel.
        AwakenAs(2);
        Assert.Equal(FinalOutcome.Cancelled, _hosts.FishForMessage<EndRun>(_ => true).Outcome);
        _registry.Tell(new RunEnded(_run, FinalOutcome.Cancelled, "", 2), _hosts);
        Assert.Equal(RunPhase.Over, Phase);
    }

    [Fact]
    public void A_node_with_more_slots_than_numbers_are_written_at_a_time_joins()
    {
        _registry.Tell(new JoinNode("large", 3000, 1), _node);
        Assert.Equal(1, _node.FishForMessage<NodeJoined>(_ => true).Joining);
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
