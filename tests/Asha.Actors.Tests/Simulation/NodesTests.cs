using System.Security.Cryptography;
using Asha.Actors.Simulation;
using Asha.Core.Experiments;
using Asha.Core.Tests;
using Asha.Core.Utilization;
using Asha.Core.Worlds;
using CsCheck;

namespace Asha.Actors.Tests.Simulation;

/// <summary>Nodes of a virtual world: their speeds, and how they come and go; examples small enough to be done by hand.</summary>
public sealed class NodesTests
{
    private static TimeSpan S(double seconds) => TimeSpan.FromSeconds(seconds);

    /// <summary>Trials with one job each, of so many seconds on a node of speed 1.</summary>
    private static ExperimentSpec OneRung(int trials) => TableWorld.Spec(SchedulerType.Asha, 2, 1, 1, trials);

    private static (RunRecord Record, IReadOnlyList<ExperimentEvent> Events) Run(ExperimentSpec spec, IReadOnlyList<WorldNode> nodes, decimal seconds, Func<Stream>? journal = null)
        => Run(spec, nodes, job => (decimal)(job.Target - job.Start) * seconds, job => job.Trial * 7 % 64, journal);

    private static (RunRecord Record, IReadOnlyList<ExperimentEvent> Events) Run(
        ExperimentSpec spec, IReadOnlyList<WorldNode> nodes, Func<JobStarted, decimal> seconds, Func<JobStarted, double> metric, Func<Stream>? journal = null)
    {
        var events = new List<ExperimentEvent>();
        var run = new SimulatedRun(spec with { Slots = nodes.Sum(node => node.Slots) }, nodes, (job, place) => SimulatedRun.Completes(
            job, WorldRules.Of(new AttemptDraw(1, double.PositiveInfinity), seconds(job), place.Node.Pace(job.Time)).Length, metric(job), resumes: true)) { Told = events.Add, Events = journal };
        run.Run();
        Assert.Equal(0, run.Foreign);
        var record = RunRecord.Of(events);
        Assert.Equal(record.Utilization.Present, record.Utilization.Busy + Enum.GetValues<IdleCause>().Aggregate(TimeSpan.Zero, (sum, cause) => sum + record.Utilization.Idle(cause)));
        return (record, events);
    }

    private static IEnumerable<string> Starts(IEnumerable<ExperimentEvent> events) => events.OfType<JobStarted>().Select(job => $"{job.Time.TotalSeconds} {job.Trial}.{job.Attempt} on {job.Slot}");

    [Fact]
    public void A_node_that_dies_loses_its_job_and_its_slot_counts_until_it_is_removed()
    {
        // Three jobs of 10 s. Slot 0 is there from the beginning; slot 1 from 4 s on, dead from 9 s on, removed at 12 s.
        var (record, events) = Run(OneRung(3), [new WorldNode(1), new WorldNode(1) { Joins = S(4), Dies = S(9), RemovedAfter = S(3) }], 10);
        // Trial 1 is lost at 9 s, and is the first to start when slot 0 is idle, at 10 s, before trial 2.
        Assert.Equal(["0 0.1 on 0", "4 1.1 on 1", "10 1.2 on 0", "20 2.1 on 0"], Starts(events));
        Assert.Equal(["AttemptLost 9", "SlotLost 9", "SlotLeft 12"], events.Where(happened => happened is AttemptLost or SlotLost or SlotLeft).Select(happened => $"{happened.GetType().Name} {happened.Time.TotalSeconds}"));
        // Slot 0 works for all of its 30 s; slot 1 works from 4 to 9 and is lost from 9 to 12: 35 + 3 = 30 + 8.
        Assert.Equal((S(30), S(35), S(3), S(38)), (record.State.Time, record.Utilization.Busy, record.Utilization.Idle(IdleCause.NodeLost), record.Utilization.Present));
        Assert.Equal((0, 3), (record.State.Failures.Count, record.State.Rungs[0].Completed));
    }

    [Fact]
    public void A_node_that_leaves_finishes_its_jobs_and_its_idle_slots_go_at_once()
    {
        // Four jobs of 10 s, but trial 2 takes 20 s. Slot 0 dies at 10.5 s, half a second into trial 3. Node 1 has slots 1 and 2 from 4 s on and leaves at 16 s: slot 1 has trial 1 until 14 s, then trial 3 again until 24 s;
        // slot 2 has trial 2 until 24 s. Of two ends at one time the first to begin comes first.
        var (record, events) = Run(OneRung(4), [new WorldNode(1) { Dies = S(10.5) }, new WorldNode(2) { Joins = S(4), Leaves = S(16) }], job => job.Trial == 2 ? 20 : 10, job => job.Trial);
        Assert.Equal(["0 0.1 on 0", "4 1.1 on 1", "4 2.1 on 2", "10 3.1 on 0", "14 3.2 on 1"], Starts(events));
        Assert.Equal(["0 at 10.5", "2 at 24", "1 at 24"], events.OfType<SlotLeft>().Select(left => $"{left.Slot} at {left.Time.TotalSeconds}"));
        Assert.Equal((S(24), "completed"), (record.State.Time, record.State.Ended!.Outcome));
        // Of two slots the idle one goes at once, at 5 s, the other one with its job's end.
        (_, events) = Run(OneRung(2), [new WorldNode(2) { Leaves = S(5) }, new WorldNode(1) { Joins = S(11) }], job => job.Trial == 0 ? 3 : 10, job => job.Trial);
        Assert.Equal(["0 at 5", "1 at 10"], events.OfType<SlotLeft>().Select(left => $"{left.Slot} at {left.Time.TotalSeconds}"));
    }

    [Fact]
    public void One_that_dies_while_it_leaves_loses_what_it_still_runs()
    {
        // Two jobs of 10 s and one of 3 s; slots 1 and 2 leave at 5 s and die at 7 s: slot 2 has gone before, slot 1 counts until 9 s, and its trial 1 is tried again on slot 0 at 10 s.
        var (record, events) = Run(OneRung(3), [new WorldNode(1), new WorldNode(2) { Leaves = S(5), Dies = S(7), RemovedAfter = S(2) }], job => job.Trial == 2 ? 3 : 10, job => job.Trial);
        Assert.Equal(["0 0.1 on 0", "0 1.1 on 1", "0 2.1 on 2", "10 1.2 on 0"], Starts(events));
        Assert.Equal(["2 at 5", "1 at 9"], events.OfType<SlotLeft>().Select(left => $"{left.Slot} at {left.Time.TotalSeconds}"));
        Assert.Equal((S(20), S(30), S(2)), (record.State.Time, record.Utilization.Busy, record.Utilization.Idle(IdleCause.NodeLost)));
    }

    [Fact]
    public void Speed_divides_and_a_slow_node_is_so_for_jobs_that_start_from_then_on()
    {
        // Five jobs of 4 s, on nodes of speed 1 and 4.
        var (record, events) = Run(OneRung(5), [new WorldNode(1), new WorldNode(1) { Speed = 4 }], 4);
        Assert.Equal(["0 0.1 on 0", "0 1.1 on 1", "1 2.1 on 1", "2 3.1 on 1", "3 4.1 on 1"], Starts(events));
        Assert.Equal(S(4), record.State.Time);
        // From 2 s on the fast one takes three times as long: the job that starts then takes 3 s. The last one goes to slot 0 at 4 s, as that is idle first.
        (record, events) = Run(OneRung(5), [new WorldNode(1), new WorldNode(1) { Speed = 4, Slow = new Slowdown(S(2), 3) }], 4);
        Assert.Equal(["0 0.1 on 0", "0 1.1 on 1", "1 2.1 on 1", "2 3.1 on 1", "4 4.1 on 0"], Starts(events));
        Assert.Equal(S(8), record.State.Time);
    }

    [Fact]
    public void When_no_node_is_left_the_run_ends_or_goes_on_to_its_horizon()
    {
        IReadOnlyList<WorldNode> nodes = [new WorldNode(2) { Dies = S(15), RemovedAfter = S(5) }];
        var (record, _) = Run(OneRung(9), nodes, 10);
        Assert.Equal((S(20), "failed", "no slot is left", S(30), S(10)), (record.State.Time, record.State.Ended!.Outcome, record.State.Ended.Reason, record.Utilization.Busy, record.Utilization.Idle(IdleCause.NodeLost)));
        Assert.Equal(2, record.State.Rungs[0].Completed);
        (record, _) = Run(OneRung(9) with { Stop = new StopSpec(S(100)) }, nodes, 10);
        Assert.Equal((S(100), "stopped", S(40)), (record.State.Time, record.State.Ended!.Outcome, record.Utilization.Present));
    }

    [Fact]
    public void With_latency_a_slot_is_idle_until_its_report_has_arrived()
    {
        // One slot, three jobs of 10 s, 2 s each until the next one can be decided: 0–10, 12–22, 24–34, and the end at 36 s.
        var events = new List<ExperimentEvent>();
        new SimulatedRun(OneRung(3) with { Slots = 1 }, job => SimulatedRun.Completes(job, S(10), job.Trial, resumes: true)) { DecisionLatency = S(2), Told = events.Add }.Run();
        var record = RunRecord.Of(events);
        Assert.Equal(["0 0.1 on 0", "12 1.1 on 0", "24 2.1 on 0"], Starts(events));
        Assert.Equal((S(36), S(30), S(6)), (record.State.Time, record.Utilization.Busy, record.Utilization.Idle(IdleCause.WaitingForDecision)));
        // A horizon at 23 s falls into the second latency: what the slot does until then is known, and the result does not count.
        events.Clear();
        new SimulatedRun(OneRung(3) with { Slots = 1, Stop = new StopSpec(S(23)) }, job => SimulatedRun.Completes(job, S(10), job.Trial, resumes: true)) { DecisionLatency = S(2), Told = events.Add }.Run();
        record = RunRecord.Of(events);
        Assert.Equal((S(23), S(20), S(3), 1), (record.State.Time, record.Utilization.Busy, record.Utilization.Idle(IdleCause.WaitingForDecision), record.State.Rungs[0].Completed));
    }

    [Fact]
    public void A_run_with_latency_is_that_of_longer_jobs_but_for_the_bookkeeping() => RandomTable.Any.Sample(drawn =>
    {
        var table = drawn with { Horizon = TimeSpan.FromSeconds(drawn.Total is null ? 40.5 : 1_000_000) };
        var latency = TimeSpan.FromSeconds(1 + Math.Abs(drawn.Seed % 3));
        var nodes = SimulationTests.Nodes(table).ToList();
        (RunRecord Record, string[] Lines, int Waited) Run(TimeSpan latency, TimeSpan longer)
        {
            var events = new List<ExperimentEvent>();
            new SimulatedRun(table.Spec with { Slots = table.Slots, Stop = table.Spec.Stop with { After = table.Horizon } }, nodes, (job, _) =>
            {
                var goes = table.AttemptOf(job.Trial, job.Rung, job.Attempt);
                return SimulationTests.Of(goes with { Length = goes.Length + longer }, job);
            }) { DecisionLatency = latency, Told = events.Add }.Run();
            var record = new RunRecord { Timelines = new SlotTimelines() };
            events.ForEach(record.Apply);
            Assert.Equal(record.Utilization.Present, record.Utilization.Busy + Enum.GetValues<IdleCause>().Aggregate(TimeSpan.Zero, (sum, cause) => sum + record.Utilization.Idle(cause)));
            // Slot by slot the same, and an attempt without a result is known as such, though that was not known at its end.
            var spans = record.Timelines.Spans;
            Assert.Equal(record.Utilization.Busy, spans.Where(span => span.Job is not null).Aggregate(TimeSpan.Zero, (sum, span) => sum + (span.To - span.From)));
            Assert.Equal(
                events.OfType<JobCompleted>().Select(done => (done.Trial, done.Attempt)).Order(),
                spans.Where(span => span is { Job: not null, WithoutResult: false }).Select(span => (span.Job!.Trial, span.Job.Attempt)).Concat(Nothing(events)).Order());
            return (record, [.. events.Where(happened => happened is not (ExperimentStarted or ReportAwaited)).Select(happened => happened.ToString())], events.Count(happened => happened is ReportAwaited));
        }
        var (late, longer) = (Run(latency, TimeSpan.Zero), Run(TimeSpan.Zero, latency));
        Assert.Equal(longer.Lines, late.Lines);
        foreach (var cause in Enum.GetValues<IdleCause>().Except([IdleCause.WaitingForDecision]))
            Assert.Equal(longer.Record.Utilization.Idle(cause), late.Record.Utilization.Idle(cause));
        var waited = late.Record.Utilization.Idle(IdleCause.WaitingForDecision);
        Assert.Equal(longer.Record.Utilization.Busy - waited, late.Record.Utilization.Busy);
        // Each that was waited for took all of it, but those that the horizon or a death cut short.
        Assert.True(waited <= latency * late.Waited);
        if (table.Changes.Count == 1 && late.Record.State.Ended!.Outcome != "stopped")
            Assert.Equal(latency * late.Waited, waited);
    }, iter: 300, threads: 2);

    /// <summary>Jobs with a result that took no time: they have no span.</summary>
    private static IEnumerable<(int Trial, int Attempt)> Nothing(IReadOnlyList<ExperimentEvent> events)
    {
        var ends = events.OfType<ReportAwaited>().ToDictionary(awaited => (awaited.Trial, awaited.Attempt), awaited => awaited.Time);
        var starts = events.OfType<JobStarted>().ToDictionary(started => (started.Trial, started.Attempt), started => started.Time);
        return events.OfType<JobCompleted>().Select(done => (done.Trial, done.Attempt)).Where(job => starts[job] == ends.GetValueOrDefault(job, TimeSpan.MaxValue));
    }

    [Fact]
    public void A_slot_that_joins_while_nothing_can_start_counts_all_the_same()
    {
        // SHA, η = 2, two trials: both run for 10 s, and the better one for 10 s more. Slot 2 never has anything to do, so that the experiment wants no other; slot 3 comes at 3 s all the same.
        var (record, _) = Run(TableWorld.Spec(SchedulerType.Sha, 2, 1, 2, 2), [new WorldNode(3), new WorldNode(1) { Joins = S(3) }], 10);
        // 3 slots for 20 s and one for 17; until the barrier at 10 s slot 2 waits for 10 s and slot 3 for 7.
        Assert.Equal((S(20), S(30), S(77), S(17)), (record.State.Time, record.Utilization.Busy, record.Utilization.Present, record.Utilization.Idle(IdleCause.RungBarrier)));
    }

    [Theory]
    [InlineData(SchedulerType.Sha)]
    [InlineData(SchedulerType.Asha)]
    public void With_slots_for_all_trials_the_end_is_the_critical_path(SchedulerType type)
    {
        // The winner trains to 64 without ever waiting: ASHA's rungs fill at the same moments as SHA's.
        var (record, _) = Run(TableWorld.Spec(type, 4, 1, 64, 64), [.. Enumerable.Repeat(new WorldNode(4), 16)], job => (decimal)(job.Target - job.Start), job => job.Trial);
        Assert.Equal(S(64), record.State.Time);
    }

    [Fact]
    public void Nodes_twice_as_fast_halve_every_time() => RandomTable.Any.Sample(drawn =>
    {
        var table = drawn with { NodesComeAndGo = false, Trials = drawn.Trials ?? 50, Most = drawn.Most ?? 50 };
        IReadOnlyList<string> Times(double speed, int scale)
        {
            var (_, events) = Run(table.Spec, [new WorldNode(table.Slots) { Speed = speed }, new WorldNode(1) { Speed = 2 * speed }],
                job => (decimal)table.AttemptOf(job.Trial, job.Rung, job.Attempt).Length.TotalSeconds, job => table.AttemptOf(job.Trial, job.Rung, job.Attempt).Metric ?? double.NaN);
            return [.. events.Select(happened => $"{happened.Time.Ticks * scale} {happened.GetType().Name} {(happened as JobStarted)?.Trial} {(happened as JobStarted)?.Slot}")];
        }
        Assert.Equal(Times(1, 1), Times(2, 2));
    }, iter: 200, threads: 2);

    [Fact]
    public void How_alike_slots_are_spread_over_nodes_changes_only_the_nodes_names() => RandomTable.Any.Sample(drawn =>
    {
        var table = drawn with { NodesComeAndGo = false, Trials = drawn.Trials ?? 50, Most = drawn.Most ?? 50, Slots = 6 };
        IReadOnlyList<string> Lines(params int[] slots)
        {
            var (_, events) = Run(table.Spec, [.. slots.Select(count => new WorldNode(count))],
                job => (decimal)table.AttemptOf(job.Trial, job.Rung, job.Attempt).Length.TotalSeconds, job => table.AttemptOf(job.Trial, job.Rung, job.Attempt).Metric ?? double.NaN);
            return [.. events.Where(happened => happened is not (ExperimentStarted or SlotJoined)).Select(happened => happened.ToString())];
        }
        var one = Lines(6);
        Assert.Equal(one, Lines(1, 2, 3));
        Assert.Equal(one, Lines(3, 2, 1));
    }, iter: 100, threads: 2);

    private static IReadOnlyList<WorldNode> Busy { get; } =
    [
        new WorldNode(3), new WorldNode(2) { Speed = 1.7, Joins = S(3) }, new WorldNode(2) { Joins = S(3), Dies = S(40), RemovedAfter = S(2) }, new WorldNode(2) { Leaves = S(30) },
        new WorldNode(2) { Failures = new NodeFailures(S(20), S(4)), RemovedAfter = S(1) }, new WorldNode(1) { Failures = new NodeFailures(S(9), S(1)), RemovedAfter = S(1) },
    ];

    [Fact]
    public void The_same_seed_gives_the_same_events_byte_for_byte_on_nodes_that_come_and_go()
    {
        var spec = TableWorld.Spec(SchedulerType.Asha, 3, 1, 27, 300) with { Stop = new StopSpec(S(200)) };
        Assert.Single(Enumerable.Range(0, 20).Select(_ => Bytes(spec)).Distinct());
        Assert.NotEqual(Bytes(spec), Bytes(spec with { Seed = 2 }));

        static string Bytes(ExperimentSpec spec)
        {
            using var written = new MemoryStream();
            Run(spec, Busy, 1, () => written);
            return Convert.ToHexString(SHA256.HashData(written.ToArray()));
        }
    }

    [Fact]
    public void Failures_come_at_the_same_times_whatever_the_scheduler()
    {
        IEnumerable<string> Lost(SchedulerType type) => Run(TableWorld.Spec(type, 3, 1, 27, 300) with { Stop = new StopSpec(S(100)) }, Busy, 1).Events.OfType<SlotLost>().Select(lost => $"{lost.Slot} {lost.Time}");
        var lost = Lost(SchedulerType.Asha).ToList();
        Assert.True(lost.Count > 10, $"{lost.Count}");
        Assert.Equal(lost, Lost(SchedulerType.Sha));
    }
}
