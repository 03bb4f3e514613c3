using Akka.Actor;
using Akka.TestKit;
using Asha.Actors.Messages;
using Asha.Core.Experiments;
using Asha.Core.Tests;

namespace Asha.Actors.Tests;

/// <summary>An experiment among probes.</summary>
public abstract class ExperimentTest : ActorTest
{
    private long _batch;

    protected ExperimentTest()
        => (Supervisor, Journal, Watcher, Node) = (CreateTestProbe("supervisor"), CreateTestProbe("journal"), CreateTestProbe("watcher"), CreateTestProbe("node"));

    protected TestProbe Supervisor { get; }

    protected TestProbe Journal { get; }

    protected TestProbe Watcher { get; }

    protected TestProbe Node { get; }

    protected IActorRef Experiment { get; set; } = ActorRefs.Nobody;

    /// <summary>What the node was told, up to the last <see cref="Job"/>.</summary>
    protected List<IWireMessage> Told { get; } = [];

    protected IActorRef TheJournal => Child(Experiment, "journal-1");

    /// <summary>Starts it, and grants it slots 0 … <paramref name="slots"/> − 1 of one node.</summary>
    protected void Start(ExperimentSpec spec, int slots, bool confirms = true)
    {
        Experiment = Sys.ActorOf(ExperimentActor.Props(new ExperimentSetup(spec, Origins.Run("run"), 3, Supervisor, _ => ProbeJournal.Props(Journal, confirms), Watcher, Clock.Elapsed)), "experiment");
        Assert.Equal(new OpenExperiment("run", 3), Supervisor.ExpectMsg<OpenExperiment>());
        for (var slot = 0; slot < slots; slot++)
            Grant(slot);
    }

    protected void Grant(int slot, TestProbe? node = null)
        => Experiment.Tell(new GrantSlots([new GrantSlot(slot, "node", (node ?? Node).Ref, slot)]), Supervisor);

    protected static ExperimentSpec Spec(SchedulerType type = SchedulerType.Asha, int factor = 2, int max = 4, int? trials = 4, int attempts = 3, StopSpec? stop = null)
    {
        var spec = TableWorld.Spec(type, factor, 1, max, trials);
        return spec with { Trial = spec.Trial with { MaxAttempts = attempts }, Stop = stop ?? new StopSpec() };
    }

    /// <summary>The next job that the node is given; what else it was told before is kept.</summary>
    protected StartJob Job()
    {
        while (true)
        {
            Told.Add(Node.ExpectMsg<IWireMessage>());
            if (Told[^1] is StartJob job)
                return job;
        }
    }

    protected void Say(StartJob job, int message, TrialEnding? ending, params TrialReport[] reports)
        => Experiment.Tell(new NodeReport(new JobReport(job.Trial, job.Attempt, message, reports, ending)), Node);

    protected void Complete(StartJob job, double metric, int message = 0)
        => Say(job, message, new TrialEnding(EndingCause.Exited), new TrialReport(job.Target, metric, $"at-{job.Target}"));

    /// <summary>All events so far, as the watcher was told; up to one that satisfies.</summary>
    protected List<ExperimentEvent> Committed(Func<ExperimentEvent, bool> last)
    {
        var events = new List<ExperimentEvent>();
        while (!events.Exists(happened => last(happened)))
            events.AddRange(Watcher.FishForMessage<EventsCommitted>(_ => true).Events);
        return events;
    }

    protected List<ExperimentEvent> ToTheEnd() => Committed(happened => happened is ExperimentEnded);

    protected AppendEvents Append()
    {
        var append = Journal.ExpectMsg<AppendEvents>();
        Assert.Equal(++_batch, append.Batch);
        return append;
    }

    /// <summary>The experiment, its rungs and its journal have handled everything, and what they said has arrived.</summary>
    protected void Settle()
    {
        IActorRef[] all = [Experiment, Child(Experiment, "rung-0"), Child(Experiment, "rung-1"), TheJournal];
        for (var round = 0; round < 4; round++)
        {
            foreach (var actor in all)
                Flush(actor);
        }
    }
}
