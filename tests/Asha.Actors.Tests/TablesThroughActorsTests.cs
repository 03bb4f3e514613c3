using Akka.Actor;
using Asha.Actors.Execution;
using Asha.Actors.Messages;
using Asha.Core.Experiments;
using Asha.Core.Tests;
using Asha.Core.Utilization;
using CsCheck;

namespace Asha.Actors.Tests;

/// <summary>
/// Random tables through the actors, on virtual time, against the rules written a second time: the same jobs on the same slots at the same times, and the same
/// promotions. Nodes join, and die with what they run.
/// </summary>
public sealed class TablesThroughActorsTests : ActorTest
{
    [Fact]
    public void Forty_random_tables_run_as_the_rules_say()
    {
        // One after the other: they share the clock.
        var seed = 0;
        RandomTable.Any.Where(table => table.Trials is not null).Sample(table => Play(table, ++seed), iter: 40, threads: 1);
    }

    private void Play(RandomTable table, int number)
    {
        // A dead node is given up at once here: the supervisor sees it go and tells of it in one message.
        var changes = table.Changes.Where(change => change.Change != NodeChange.Remove)
            .SelectMany(change => change.Change == NodeChange.Die ? [change, change with { Change = NodeChange.Remove }] : new[] { change }).ToArray();
        var naive = new NaiveWorld(table, changes).Run();
        var began = Clock.Elapsed;
        var watcher = CreateTestProbe();
        var runner = new ScriptedRunner(ActorRefs.Nobody);
        var supervisor = Sys.ActorOf(SupervisorActor.Props());
        var experiment = Sys.ActorOf(ExperimentActor.Props(new ExperimentSetup(table.Spec, Origins.Run($"run-{number}"), 1, supervisor, ProbeJournal.Props(ActorRefs.Nobody), watcher)));
        var nodes = new Dictionary<int, IActorRef>();
        foreach (var step in naive.Steps)
        {
            Clock.MoveTo(began + step.Time);
            if (step.Change is null)
                End(runner[step.Trial, step.Attempt], table.AttemptOf(step.Trial, step.Rung, step.Attempt).Metric);
            else if (step.Change.Change == NodeChange.Join)
                nodes[step.Change.First] = Sys.ActorOf(NodeActor.Props(Node(step.Change, runner), supervisor));
            else if (step.Change.Change == NodeChange.Die)
                Sys.Stop(nodes[step.Change.First]);
            Until(() => runner.Count == step.Starts, () => $"{runner.Count} starts in place of {step.Starts} after {step}");
            // Whatever else follows from it, parking for instance, is over before time goes on.
            foreach (var _ in Enumerable.Range(0, 3))
            {
                Flush(supervisor);
                Flush(experiment);
            }
        }
        Clock.MoveTo(began + naive.Now);
        experiment.Tell(new StopExperiment("stopped", "the table is over"));
        var events = new List<ExperimentEvent>();
        while (events.Count == 0 || events[^1] is not ExperimentEnded)
            events.AddRange(watcher.FishForMessage<EventsCommitted>(_ => true).Events);
        Assert.Equal(naive.Over && naive.Now != table.Horizon ? "completed" : "stopped", ((ExperimentEnded)events[^1]).Outcome);
        Assert.Equal(naive.Starts, events.OfType<JobStarted>().Select(job => $"{job.Time} {job.Trial}@{job.Rung} attempt {job.Attempt} on {job.Slot}"));
        Assert.Equal(naive.Promotions, events.OfType<TrialPromoted>().Select(up => $"{up.Time} {up.Trial}: {up.Rung}"));
        var record = RunRecord.Of(events);
        Assert.Equal(naive.Completed, record.State.Rungs.Select(rung => rung.Completed));
        Assert.Equal(naive.Best, record.State.Best?.Trial);
        Assert.Equal(naive.Busy, record.Utilization.Busy);
        Assert.Equal(TimeSpan.Zero, record.Utilization.Idle(IdleCause.WaitingForDecision));
        foreach (var node in nodes.Values.Append(experiment).Append(supervisor))
            Sys.Stop(node);
    }

    private static NodeSetup Node(SlotChange change, ITrialRunner runner) => new(
        $"node-{change.First}", [.. change.Slots.Select(slot => new SlotResources([slot], []))], () => TrialActor.Props(runner), _ => Task.CompletedTask, TimeSpan.FromDays(1));

    private static void End(Launched attempt, double? metric)
    {
        if (metric is { } value)
            attempt.Complete(value);
        else
            attempt.End(EndingCause.Crash);
    }
}
