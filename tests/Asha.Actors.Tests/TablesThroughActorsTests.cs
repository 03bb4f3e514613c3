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
/// promotions. Nodes join, and die with what they run. Trials that run through several levels are <see cref="RunningThroughTests"/>'.
/// </summary>
public sealed class TablesThroughActorsTests : ActorTest
{
    [Fact]
    public void Forty_random_tables_run_as_the_rules_say()
    {
        // One after the other: they share the clock.
        var seed = 0;
        RandomTable.Any.Where(table => table is { Total: not null, Type: not SchedulerType.Stopping }).Sample(table => Play(table, ++seed), iter: 40, threads: 1);
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
        var experiment = Sys.ActorOf(ExperimentActor.Props(new ExperimentSetup(table.Spec, Origins.Run($"run-{number}"), 1, supervisor, _ => ProbeJournal.Props(ActorRefs.Nobody), watcher, began)));
        var nodes = new Dictionary<int, IActorRef>();
        var events = new List<ExperimentEvent>();
        foreach (var step in naive.Steps)
        {
            Clock.MoveTo(began + step.Time);
            if (step.Change is null)
                End(step.Trial, step.Attempt, table.AttemptOf(step.Trial, step.Rung, step.Attempt).Metric);
            else if (step.Change.Change == NodeChange.Join)
                Join(step.Change);
            else if (step.Change.Change == NodeChange.Die)
                Die(step.Change);
            Until(() => runner.Count == step.Starts, () => $"{runner.Count} starts in place of {step.Starts} after {step}");
            // Whatever else follows from it, slots that are wanted for instance, is over before time goes on.
            foreach (var _ in Enumerable.Range(0, 2))
            {
                Flush(supervisor);
                Flush(experiment);
            }
        }
        Clock.MoveTo(began + naive.Now);
        experiment.Tell(new StopExperiment("stopped", "the table is over"));
        Until(() => Told().LastOrDefault() is ExperimentEnded, () => "the experiment does not end");
        var hopeless = RunRecord.Of(events).State.Rungs[0] is { Completed: > 0 } first && first.Failed == first.Completed;
        Assert.Equal(naive.Over && naive.Now != table.Horizon ? hopeless ? "failed" : "completed" : "stopped", ((ExperimentEnded)events[^1]).Outcome);
        Assert.Equal(naive.Starts, events.OfType<JobStarted>().Select(job => $"{job.Time} {job.Trial}@{job.Rung} attempt {job.Attempt} on {job.Slot}"));
        Assert.Equal(naive.Promotions, events.OfType<TrialPromoted>().Select(up => $"{up.Time} {up.Trial}: {up.Rung}"));
        var record = RunRecord.Of(events);
        Assert.Equal(naive.Completed, record.State.Rungs.Select(rung => rung.Completed));
        Assert.Equal(naive.Best, record.State.Best?.Trial);
        Assert.Equal(naive.Busy, record.Utilization.Busy);
        Assert.Equal(TimeSpan.Zero, record.Utilization.Idle(IdleCause.WaitingForDecision));
        foreach (var node in nodes.Values.Append(experiment).Append(supervisor))
            Sys.Stop(node);

        void End(int trial, int attempt, double? metric)
        {
            if (metric is { } value)
                runner[trial, attempt].Complete(value);
            else
                runner[trial, attempt].End(EndingCause.Crash);
            Until(() => Told().Exists(happened => happened switch
            {
                JobCompleted done => (done.Trial, done.Attempt) == (trial, attempt),
                AttemptFailed failed => (failed.Trial, failed.Attempt) == (trial, attempt),
                _ => false,
            }), () => $"the end of {trial}, attempt {attempt}, is not in the journal");
        }

        void Join(SlotChange change)
        {
            var slots = change.Slots.Select(slot => new SlotResources([slot], [])).ToArray();
            nodes[change.First] = Sys.ActorOf(NodeActor.Props(
                new NodeSetup($"node-{change.First}", slots, TrialSlot.Running(runner), _ => Task.CompletedTask, TimeSpan.FromDays(1)), supervisor));
            Flush(nodes[change.First]);
        }

        // No message says that a node's death has got about, but the experiment gives up those of its slots that it held.
        void Die(SlotChange change)
        {
            var held = Told().OfType<SlotJoined>().Select(joined => joined.Slot).Intersect(change.Slots).ToArray();
            Watch(nodes[change.First]);
            Sys.Stop(nodes[change.First]);
            ExpectTerminated(nodes[change.First]);
            Until(() => held.All(slot => Told().OfType<SlotLeft>().Any(left => left.Slot == slot)), () => "the node's death is not seen");
        }

        List<ExperimentEvent> Told()
        {
            while (watcher.HasMessages)
                events.AddRange(watcher.ExpectMsg<EventsCommitted>().Events);
            return events;
        }
    }
}
