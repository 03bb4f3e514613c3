using Asha.Actors.Replay;
using Asha.Actors.Simulation;
using Asha.Actors.Tests.Simulation;
using Asha.Core.Experiments;
using Asha.Core.Recordings;
using Asha.Core.Spaces;
using Asha.Core.Tests;
using Asha.Core.Worlds;
using CsCheck;

namespace Asha.Actors.Tests.Replay;

/// <summary>A recording as a world: unchanged it gives itself, and changed what arithmetic says.</summary>
public sealed class RecordedSimulationTests
{
    private static TimeSpan S(double seconds) => TimeSpan.FromSeconds(seconds);

    private static List<ExperimentEvent> Again(List<ExperimentEvent> recorded, out RecordedSimulation simulation, Func<ExperimentSpec, ExperimentSpec>? change = null, IReadOnlyList<WorldNode>? nodes = null, double? stragglers = null)
    {
        var attempts = RecordedAttempts.Of(recorded);
        var spec = ((ExperimentStarted)recorded[0]).Experiment;
        var events = new List<ExperimentEvent>();
        simulation = new RecordedSimulation(change?.Invoke(spec) ?? spec, nodes ?? RecordedNodes.Of(recorded), new RecordedWorld(attempts.All, stragglers)) { DecisionLatency = attempts.Latency, Told = events.Add };
        simulation.Run();
        return events;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Unchanged_it_gives_itself(bool waits) => RandomTable.Drawn(waits).Sample(drawn =>
    {
        // Without a limit to the trials, one more would be sampled at the end than was recorded.
        var table = drawn with { Trials = drawn.Trials ?? 50, Most = drawn.Most ?? 60, Horizon = TimeSpan.FromSeconds(drawn.Seed % 3 == 0 ? 4 + Math.Abs(drawn.Seed % 23) : 1_000_000) };
        var recorded = new List<ExperimentEvent>();
        new SimulatedRun(table.Spec with { Slots = table.Slots, Stop = table.Spec.Stop with { After = table.Horizon } }, [.. Nodes(table)], (job, _) => Attempt(table, job))
        {
            Told = recorded.Add,
            DecisionLatency = TimeSpan.FromSeconds(Math.Abs(drawn.Seed % 3) / 2),
        }.Run();
        Assert.Null(Redecision.Of(recorded).Difference);
        var again = Again(recorded, out var simulation);
        Assert.Equal(0, simulation.Knowledge.Unknown);
        Assert.True(simulation.Knowledge.KnownUntil >= recorded[^1].Time, $"known until {simulation.Knowledge.KnownUntil} of {recorded[^1].Time}");
        var at = Lines(recorded).Zip(Lines(again)).TakeWhile(pair => pair.First == pair.Second).Count();
        Assert.True(at == recorded.Count - 1, $"at {at}:\n{string.Join('\n', recorded.Skip(at - 30).Take(40))}\nagain:\n{string.Join('\n', again.Skip(at).Take(5))}");
        Assert.Equal(recorded.Count, again.Count);
    }, iter: 300, threads: 2);

    /// <summary>Every second world's nodes leave, and do not die.</summary>
    private static IEnumerable<WorldNode> Nodes(RandomTable table)
        => SimulationTests.Nodes(table).Select((node, number) => table.Seed % 2 != 0 || number == 0 ? node : node with { Dies = null, Leaves = node.Dies });

    /// <summary>Half of the trials report once on their way as well, with a checkpoint or without: one that crashes after that goes on from there.</summary>
    private static SimulatedAttempt Attempt(RandomTable table, JobStarted job)
    {
        var goes = SimulationTests.Of(table.AttemptOf(job.Trial, job.Rung, job.Attempt), job);
        return job.Trial % 2 == 0 || goes.Length == TimeSpan.Zero || job.GoesOn || job.Start >= job.Target ? goes
            : goes with { Earlier = [(goes.Length / 3, new TrialReport((job.Start + job.Target) / 2, job.Trial, job.Trial % 4 == 1 ? "half" : null))] };
    }

    /// <summary>64 trials, η = 4, up to 64, 1 s a unit, on 10 slots; the metrics are 0 … 63 in another order.</summary>
    private static List<ExperimentEvent> Record(SchedulerType type, Func<JobStarted, double>? length = null)
    {
        var events = new List<ExperimentEvent>();
        new SimulatedRun(TableWorld.Spec(type, 4, 1, 64, 64) with { Slots = 10 }, job => SimulatedRun.Completes(job, S(length?.Invoke(job) ?? job.Target - job.Start), job.Trial * 7 % 64, resumes: true)) { Told = events.Add }.Run();
        return events;
    }

    private static TimeSpan End(List<ExperimentEvent> events) => events[^1].Time;

    [Fact]
    public void More_slots_and_other_speeds_take_the_time_that_arithmetic_says()
    {
        // 7·1 + 2·3 + 12 + 48 = 73; on 64 slots 1 + 3 + 12 + 48; on 10 slots twice as fast half of 73; on one slot all of the work, 64 + 16·3 + 4·12 + 48.
        var recorded = Record(SchedulerType.Sha);
        Assert.Equal(S(73), End(recorded));
        Assert.Equal((S(64), 0), (End(Again(recorded, out var more, nodes: [new WorldNode(64)])), more.Knowledge.Unknown));
        Assert.Equal((S(36.5), 0), (End(Again(recorded, out var fast, nodes: [new WorldNode(10) { Speed = 2 }])), fast.Knowledge.Unknown));
        Assert.Equal((S(208), 0), (End(Again(recorded, out var one, nodes: [new WorldNode(1)])), one.Knowledge.Unknown));
    }

    [Fact]
    public void What_was_never_reached_is_counted_and_ranks_last()
    {
        // η = 2: 32 trials go from 1 to 2, those with metrics 0 … 31. The 16 best were trained to 4, and what they had there is their first result at or beyond 2; the others have none.
        var recorded = Record(SchedulerType.Sha);
        var again = Again(recorded, out var simulation, spec => spec with { Scheduler = spec.Scheduler with { ReductionFactor = 2 } });
        Assert.Equal(16, again.OfType<JobCompleted>().Count(done => done.Rung == 1 && double.IsFinite(done.Metric)));
        Assert.Equal(16, again.OfType<JobCompleted>().Count(done => done.Rung == 1 && double.IsNaN(done.Metric)));
        // Of the 16 that go on to 4 all were there; of 8 at 8, 4 were at 16; of 4 at 16 all; 2 at 32, of which one was at 64; 1 at 64.
        Assert.Equal(16 + 4 + 1, simulation.Knowledge.Unknown);
        // No job from 1 to 2 was recorded: the first starts at the barrier.
        Assert.Equal(again.OfType<JobStarted>().First(job => job.Target == 2).Time, simulation.Knowledge.KnownUntil);
        Assert.Equal(recorded.OfType<JobCompleted>().Last().Trial, again.OfType<JobCompleted>().Last().Trial);
    }

    [Fact]
    public void The_other_scheduler_on_the_same_recording_is_what_it_would_have_been()
    {
        // SHA's promotions are the final best of each rung; ASHA makes others on the way, whose results SHA never had. Up to the first of these it is the run that ASHA would have been.
        var again = Again(Record(SchedulerType.Sha), out var simulation, spec => spec with { Scheduler = spec.Scheduler with { Type = SchedulerType.Asha } });
        var direct = Record(SchedulerType.Asha);
        Assert.True(simulation.Knowledge.Unknown > 0);
        Assert.Equal(Lines(direct).TakeWhile((_, at) => direct[at + 1].Time < simulation.Knowledge.KnownUntil), Lines(again).TakeWhile((_, at) => again[at + 1].Time < simulation.Knowledge.KnownUntil));
        Assert.Contains(again, happened => happened is TrialPromoted && happened.Time < simulation.Knowledge.KnownUntil);
    }

    [Fact]
    public void Without_stragglers_no_unit_takes_longer_than_the_median()
    {
        // Every fifth trial takes 20 times as long, the best one among them; the median is that of the others.
        var recorded = Record(SchedulerType.Sha, job => (job.Target - job.Start) * (job.Trial % 5 == 0 ? 20 : 1));
        Assert.True(End(recorded) > S(73 + 19));
        Assert.Equal(S(73), End(Again(recorded, out _, stragglers: 1)));
    }

    [Fact]
    public void A_job_that_was_not_recorded_takes_what_its_reports_say()
    {
        // It starts up for 2 s, takes 1 s for each of the first four units and 3 s for each of the others, and ends 0.5 s after its result. Trial 1 reported once, at 1, after 2 + 4 s.
        JobStarted Job(int trial, double start, double target) => new(default, trial, 0, 0, 1, 0, start, target);
        RecordedAttempt slow = new(Job(0, 0, 6), S(12.5), [new(S(3), 1, 1, true), new(S(4), 2, 1, true), new(S(5), 3, 1, true), new(S(6), 4, 1, true), new(S(9), 5, 1, true), new(S(12), 6, 1, true)], new JobCompleted(default, 0, 0, 0, 1, 0, 6, 1));
        RecordedAttempt once = new(Job(1, 0, 1), S(6.5), [new(S(6), 1, 1, true)], new JobCompleted(default, 1, 0, 0, 1, 0, 1, 1));
        var world = new RecordedWorld([slow, once]);
        Assert.Equal((S(4.5), true), world.Attempt(Job(0, 0, 2)) is var two ? (two.Length, two.IsKnown) : default); // 2 + 2·1 + 0.5
        Assert.Equal((S(6.5), true), world.Attempt(Job(0, 3, 5)) is var five ? (five.Length, five.IsKnown) : default); // 2 + 1 + 3 + 0.5
        Assert.Equal((S(8.5), false), world.Attempt(Job(0, 6, 8)) is var eight ? (eight.Length, eight.IsKnown) : default); // 2 + 2·3 + 0.5
        Assert.Equal((S(14.5), false), world.Attempt(Job(1, 1, 4)) is var four ? (four.Length, four.IsKnown) : default); // 2 + 3·4 + 0.5
        Assert.Equal(S(12.5), world.Attempt(Job(0, 0, 6)).Length);
    }

    [Fact]
    public void A_checkpoint_is_there_only_where_one_was_reported()
    {
        // Reports at 1 to 4, the last checkpoint at 3: the next job goes on from there, and not from 4.
        JobStarted Job(double start, double target) => new(default, 0, 0, 0, 1, 0, start, target);
        RecordedAttempt kept = new(Job(0, 4), S(4), [new(S(1), 1, 1, false), new(S(2), 2, 1, false), new(S(3), 3, 1, true), new(S(4), 4, 1, false)], new JobCompleted(default, 0, 0, 0, 1, 0, 4, 1));
        var course = new RecordedWorld([kept]).Attempt(Job(0, 4));
        Assert.Null(course.Report!.Value.Checkpoint);
        Assert.Equal((S(3), 3.0), course.Earlier.Where(report => report.HasCheckpoint).Select(report => (report.After, report.Resource)).Single());
        Assert.Null(course.KnownFor);
    }

    [Fact]
    public void A_process_that_runs_on_needs_no_start_up()
    {
        // Recorded as a job of its own from 1 to 4, with a start-up of 2 s; running on, it is 3 s.
        RecordedAttempt Of(int trial, double start, double target) => new(new(default, trial, 0, 0, 1, 0, start, target), S(2 + target - start),
            [.. Enumerable.Range(1, (int)(target - start)).Select(unit => new TimedReport(S(2 + unit), start + unit, 1, true))], new JobCompleted(default, trial, 0, 0, 1, 0, target, 1));
        var world = new RecordedWorld([Of(0, 1, 4), Of(1, 0, 4)]);
        Assert.Equal((S(3), TimeSpan.Zero), world.Attempt(new(default, 0, 0, 1, 1, 0, 1, 4, GoesOn: true)) is var on ? (on.Length, on.KnownFor!.Value) : default);
    }

    [Fact]
    public void What_the_engine_took_before_a_start_is_part_of_the_attempt()
    {
        // A slot joins at 1 s, and the engine needs 3 ms for its first job; that ends at 2 s, and the next one is started 2 ms later and ends at 4 s. The first was 1 s long, the second 2 s.
        ExperimentEvent[] events =
        [
            new SlotJoined(S(1), 0, "local"), new TrialSampled(S(1.003), 0, 0, Configuration.Empty), new JobStarted(S(1.003), 0, 0, 0, 1, 0, 0, 1),
            new ReportAccepted(S(2), 0, 1, 1, .5), new JobCompleted(S(2), 0, 0, 0, 1, 0, 1, .5),
            new TrialSampled(S(2.002), 1, 0, Configuration.Empty), new JobStarted(S(2.002), 1, 0, 0, 1, 0, 0, 1), new JobCompleted(S(4), 1, 0, 0, 1, 0, 1, .5),
        ];
        var attempts = new RecordedAttempts();
        foreach (var happened in events)
            attempts.Take(happened);
        Assert.Equal([S(1), S(2)], attempts.All.Select(attempt => attempt.Length));
        Assert.Equal(S(1), Assert.Single(attempts.All[0].Reports).After);
    }

    /// <summary>All of an event but the names of nodes and paths, and the texts of failures.</summary>
    private static IEnumerable<string> Lines(IEnumerable<ExperimentEvent> events) => events.Where(happened => happened is not ExperimentStarted).Select(happened => (happened switch
    {
        SlotJoined joined => joined with { Node = "" },
        JobStarted { Checkpoint: { } kept } started => started with { Checkpoint = kept with { Path = "" } },
        ReportAccepted report => report with { Checkpoint = null },
        _ => happened,
    }).ToString()!);
}
