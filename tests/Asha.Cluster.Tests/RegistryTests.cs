using System.Text.Json.Nodes;
using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Actors.Metrics;
using Asha.Actors.Persistence;
using Asha.Cluster.Coordinators;
using Asha.Cluster.Tests.Harness;
using Asha.Core.Experiments;
using Asha.Host.Api;
using Asha.Tuning.Runs;

namespace Asha.Cluster.Tests;

/// <summary>The registry, with the test as the hosts of its runs and as its nodes.</summary>
public sealed class RegistryTests : RegistryKit
{
    private readonly string _run;

    public RegistryTests() => _run = Submit("one");

    private RunPhase Phase => Ask<ExperimentList>(new ListExperiments()).Experiments.Single().Phase;

    /// <summary>The run is woken as this opening, by whichever message it is: they are said again.</summary>
    private void AwakenAs(int opening)
    {
        Hosts.FishForMessage<WakeRun>(wake => wake.Opening == opening);
        Registry.Tell(new RunAwake(_run), Hosts);
    }

    private void Pause(int opening)
    {
        Ask<RegistryDone>(new PauseExperiment(_run));
        Hosts.FishForMessage<EndRun>(_ => true);
        Registry.Tell(new RunEnded(_run, FinalOutcome.Paused, "", opening), Hosts);
        Hosts.FishForMessage<RunEndKnown>(_ => true);
        Assert.Equal(RunPhase.Paused, Phase);
    }

    [Fact]
    public void An_end_that_is_said_again_does_not_end_what_was_gone_on_with_since()
    {
        AwakenAs(1);
        Pause(1);
        Ask<RegistryDone>(new ResumePaused(_run));
        AwakenAs(2);
        Registry.Tell(new RunEnded(_run, FinalOutcome.Paused, "", 1), Hosts); // The answer to the first was lost.
        Hosts.FishForMessage<RunEndKnown>(_ => true);
        Assert.Equal(RunPhase.Open, Phase);
        Pause(2);
    }

    [Fact]
    public void A_node_hears_whether_a_run_is_paused_or_over_and_nothing_of_one_that_is_open()
    {
        AwakenAs(1);
        Asks();
        Assert.False(Node.HasMessages);
        Pause(1);
        Asks();
        Assert.Equal(_run, Node.ExpectMsg<RunIsPaused>().Run);
        Ask<RegistryDone>(new CancelExperiment(_run));
        AwakenAs(2);
        Asks();
        Registry.Tell(new RunEnded(_run, FinalOutcome.Cancelled, "", 2), Hosts);
        Hosts.FishForMessage<RunEndKnown>(_ => true);
        Assert.False(Node.HasMessages);
        Asks();
        Assert.Equal(_run, Node.ExpectMsg<RunIsOver>().Run);
        Registry.Tell(new IsRunOver("nobody-knows-it"), Node); // Of a cluster before this one's database.
        Assert.Equal("nobody-knows-it", Node.ExpectMsg<RunIsOver>().Run);
    }

    /// <summary>Its coordinator is gone before that word was heard; the next reads in the journal that all is over, and says nothing but that.</summary>
    [Fact]
    public void A_run_that_is_over_holds_no_slot_though_its_own_word_of_that_was_lost()
    {
        AwakenAs(1);
        var (before, other) = (CreateTestProbe("before"), CreateTestProbe("other"));
        Registry.Tell(new OpenExperiment(_run, 1, Writer: 1), before);
        Registry.Tell(new JoinNode("node", 1, 1), Node);
        before.FishForMessage<GrantSlots>(_ => true);
        Sys.Stop(before);
        Registry.Tell(new OpenExperiment("other", 1, Writer: 1), other);
        other.ExpectMsg<ToldSoFar>();
        Assert.Equal(RunPhase.Open, Phase);
        Registry.Tell(new RunEnded(_run, FinalOutcome.Cancelled, "", 1), Hosts);
        Assert.Single(other.FishForMessage<GrantSlots>(_ => true).Slots);
    }

    [Fact]
    public void A_cancel_that_was_taken_while_it_was_being_paused_is_not_lost_to_the_pause()
    {
        AwakenAs(1);
        Ask<RegistryDone>(new PauseExperiment(_run));
        Ask<RegistryDone>(new CancelExperiment(_run));
        Registry.Tell(new RunEnded(_run, FinalOutcome.Paused, "", 1), Hosts); // It was written before it heard of the cancel.
        AwakenAs(2);
        Assert.Equal(FinalOutcome.Cancelled, Hosts.FishForMessage<EndRun>(_ => true).Outcome);
        Registry.Tell(new RunEnded(_run, FinalOutcome.Cancelled, "", 2), Hosts);
        Assert.Equal(RunPhase.Over, Phase);
    }

    [Fact]
    public void A_node_with_more_slots_than_numbers_are_written_at_a_time_joins()
    {
        Registry.Tell(new JoinNode("large", 3000, 1), Node);
        Assert.Equal(1, Node.FishForMessage<NodeJoined>(_ => true).Joining);
    }

    /// <summary>The run itself may say nothing for long: whoever asks is told why it stands still.</summary>
    [Fact]
    public void A_run_that_no_node_can_run_is_said_to_wait_and_each_node_says_why()
    {
        Registry.Tell(new JoinNode("node", 1, 1), Node);
        Assert.Null(Single().Shortage);
        var hold = new HoldSlots(_run, [], [], true, 0, 1, [new ShunnedNode("node", "no compiler")]);
        Registry.Tell(hold, Node);
        Assert.Equal("the nodes that have such slots cannot run its trials; asha nodes says why", Single().Shortage);
        Assert.Equal([$"{_run}: no compiler"], Assert.Single(Ask<ExperimentList>(new ListExperiments()).Nodes!).Unfit!);
        Registry.Tell(new JoinNode("other", 1, 1), CreateTestProbe("other"));
        Assert.Null(Single().Shortage); // That one may.
        Registry.Tell(hold with { Shuns = null }, Node);
        Assert.All(Ask<ExperimentList>(new ListExperiments()).Nodes!, node => Assert.Null(node.Unfit));

        ListedExperiment Single() => Ask<ExperimentList>(new ListExperiments()).Experiments.Single();
    }

    /// <summary>The answer to its word was lost, and the run is resumed: it is told to wake, and is not the one that goes on.</summary>
    /// <summary>Who looks on asks the host, which knows: nobody reads the journal for that.</summary>
    [Fact]
    public void A_host_tells_how_its_run_stands()
    {
        var registry = CreateTestProbe("registry");
        var folder = Directory.CreateTempSubdirectory("asha-host-");
        using var metrics = new EngineMetrics(TimeProvider.System);
        var host = Sys.ActorOf(ExperimentHost.Props(new HostSetup(registry, folder.FullName, TimeSpan.FromSeconds(5), _ => { }, metrics, ApiTexts.Formats, (_, _) => null)));
        host.Tell(new LookAtRun("run", true), TestActor);
        Assert.Equal(new RunStands("run"), ExpectMsg<RunStands>());
        host.Tell(new WakeRun("run", Spec, EngineOrigin.Of("run", DateTimeOffset.UtcNow), 1, Opening: 1));
        AwaitAssert(() =>
        {
            host.Tell(new LookAtRun("run", true), TestActor);
            var stands = ExpectMsg<RunStands>();
            Assert.Equal(0, stands.Figures?.Trials);
            Assert.Equal("run", JsonNode.Parse(stands.Summary!)!["run"]!.GetValue<string>());
        }, TimeSpan.FromSeconds(20));
        host.Tell(new LookAtRun("run", false), TestActor);
        Assert.Null(ExpectMsg<RunStands>().Summary);
        host.Tell(new EndRun("run", FinalOutcome.Paused));
        Assert.Equal(0, registry.FishForMessage<RunEnded>(_ => true).Figures?.Trials);
        folder.Delete(recursive: true);
    }

    [Fact]
    public void A_host_that_has_ended_the_opening_before_gives_way_at_once_and_does_not_end_the_next()
    {
        var (shard, registry) = (CreateTestProbe("shard"), CreateTestProbe("registry"));
        var folder = Directory.CreateTempSubdirectory("asha-host-");
        using var metrics = new EngineMetrics(TimeProvider.System);
        var host = shard.ChildActorOf(ExperimentHost.Props(new HostSetup(registry, folder.FullName, TimeSpan.FromSeconds(5), _ => { }, metrics, ApiTexts.Formats, (_, _) => null)));
        var wake = new WakeRun("run", Spec, EngineOrigin.Of("run", DateTimeOffset.UtcNow), 1, Opening: 1);
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
        var (here, succession, journal) = (Akka.Cluster.Cluster.Get(Sys).SelfAddress.ToString(), new Succession(() => followed++, _ => { }), new Coordinators.Registry());
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
        Assert.NotEqual(_run, Ask<ExperimentSubmitted>(new SubmitExperiment("two", Spec)).Run); // It has written nothing in between.
    }

    /// <summary>Returns when all that comes of it has been said.</summary>
    private void Asks()
    {
        Registry.Tell(new IsRunOver(_run), Node);
        _ = Phase;
        var probe = CreateTestProbe();
        Sys.ActorSelection(Registry.Path / "slots").Tell(new Identify(1), probe);
        probe.ExpectMsg<ActorIdentity>();
        _ = Phase;
    }
}
