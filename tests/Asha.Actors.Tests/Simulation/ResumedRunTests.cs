using Asha.Actors.Replay;
using Asha.Actors.Simulation;
using Asha.Core.Experiments;
using Asha.Core.Tests;
using CsCheck;

namespace Asha.Actors.Tests.Simulation;

/// <summary>
/// An engine is lost, or a run is interrupted, at any moment, and another engine goes on from the events. What the actors of the second one decide from what they rebuilt is what those of the first
/// would have decided from what they knew: that is what the replay of both together says, which never loses its actors.
/// </summary>
public sealed class ResumedRunTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Whatever_is_resumed_is_decided_as_if_the_engine_had_never_been_away(bool waits) => RandomTable.Drawn(waits).Sample(drawn =>
    {
        var table = drawn with { Horizon = TimeSpan.FromSeconds(drawn.Total is null || drawn.Seed % 3 == 0 ? 4 + Math.Abs(drawn.Seed % 23) : 1_000_000) };
        var events = new List<ExperimentEvent>();
        Run(table, events, []);
        // Twice, each time at another moment: it is killed, or cuts what runs, as it did once, or awaits it.
        for (var time = 0; time < 2; time++)
        {
            var moments = events.Where(happened => happened.Time < events[^1].Time && happened.Time >= (events.OfType<ExperimentResumed>().LastOrDefault()?.Time ?? default)).Select(happened => happened.Time).Distinct().ToArray();
            if (moments.Length == 0)
                return; // All of it at one moment, at which it ends.
            var moment = moments[(int)(Math.Abs(table.Seed / (time + 1)) % moments.Length)];
            var before = events.TakeWhile(happened => happened.Time <= moment).ToList();
            switch (Math.Abs(table.Seed + time) % 3)
            {
                case 0: Cut(before); break;
                case 1: Stop(before, table.Seed); break;
            }
            events = [.. before];
            Run(table, events, before);
            Assert.Contains(events, happened => happened is ExperimentResumed);
        }
        var again = Redecision.Of(events);
        Assert.True(again.Difference is null, $"{again.Difference}\nrecorded:\n{string.Join('\n', events.Index().Skip(again.Compared - 20).Take(30))}");
        Assert.Equal(2, again.State.Resumptions);
        NothingTwice(events);
        Assert.NotNull(again.State.Ended);
    }, iter: 300, threads: 2);

    [Fact]
    public void One_that_was_stopped_beyond_its_time_ends_at_once()
    {
        var spec = TableWorld.Spec(SchedulerType.Asha, 2, 1, 4, 4) with { Stop = new StopSpec(After: TimeSpan.FromSeconds(5)) };
        var before = new Experiment(spec, Origins.Run("run"));
        before.Join(TimeSpan.FromSeconds(1), 0, "node-0");
        before.Stop(TimeSpan.FromSeconds(4), FinalOutcome.Paused, "");
        before.End(TimeSpan.FromSeconds(7), FinalOutcome.Paused, "");
        var events = new List<ExperimentEvent>();
        new SimulatedRun(spec, job => SimulatedRun.Completes(job, TimeSpan.FromSeconds(1), 0.5, resumes: true)) { Told = events.Add, Before = before.TakeDecided() }.Run();
        Assert.Equal(new ExperimentEnded(TimeSpan.FromSeconds(7), "stopped", "after 5 s"), events[^1]);
    }

    private static void Run(RandomTable table, List<ExperimentEvent> events, IReadOnlyList<ExperimentEvent> before)
        => new SimulatedRun(table.Spec with { Slots = table.Slots, Stop = table.Spec.Stop with { After = table.Horizon } }, [.. SimulationTests.Nodes(table)], (job, _) => SimulationTests.Of(table.AttemptOf(job.Trial, job.Rung, job.Attempt), job))
        {
            Told = events.Add,
            Before = before,
        }.Run();

    private static void Cut(List<ExperimentEvent> events)
    {
        var experiment = new Experiment(events);
        experiment.End(events[^1].Time, "interrupted", "");
        events.AddRange(experiment.TakeDecided());
    }

    /// <summary>What runs ends, one after the other: by being told to, or by a fault of its own.</summary>
    private static void Stop(List<ExperimentEvent> events, long seed)
    {
        var experiment = new Experiment(events);
        var now = events[^1].Time;
        var runs = experiment.State.Running.ToArray();
        if (runs.Length > 0)
            experiment.Stop(now, "paused", "");
        foreach (var (trial, fault) in runs.Select(trial => (trial, EndingCause: (trial.Trial + seed) % 4 == 0 ? EndingCause.Crash : EndingCause.Stopped)))
        {
            now += TimeSpan.FromTicks(1);
            var ranked = experiment.Receive(now, new JobReport(trial.Trial, trial.Attempt, trial.NextMessage, [], new TrialEnding(fault)));
            experiment.Park(now);
            if (ranked is not null)
                return; // It failed for good, which its rung has to know: the engine is killed before that.
        }
        experiment.End(now, "paused", "");
        events.AddRange(experiment.TakeDecided());
    }

    /// <summary>No job that was completed runs again, no attempt's number comes twice, and what an engine's end has cost is no failure.</summary>
    private static void NothingTwice(List<ExperimentEvent> events)
    {
        var (done, attempts) = (new HashSet<(int, int)>(), new HashSet<(int, int)>());
        foreach (var happened in events)
        {
            if (happened is JobStarted started)
            {
                Assert.DoesNotContain((started.Trial, started.Rung), done);
                Assert.True(attempts.Add((started.Trial, started.Attempt)));
            }
            else if (happened is JobCompleted completed)
            {
                Assert.True(done.Add((completed.Trial, completed.Rung)));
            }
        }
        var state = new ExperimentState();
        foreach (var happened in events)
            state.Apply(happened);
        Assert.Equal(events.OfType<AttemptFailed>().Count(), state.Failures.Values.Sum());
        Assert.All(events.Zip(events.Skip(1)), pair => Assert.True(pair.First.Time <= pair.Second.Time));
    }
}
