using System.Security.Cryptography;
using Asha.Actors.Simulation;
using Asha.Core.Experiments;
using Asha.Core.Tests;
using Asha.Core.Utilization;
using Asha.Core.Worlds;
using CsCheck;

namespace Asha.Actors.Tests.Simulation;

/// <summary>Whole runs in virtual time, through the actors of a live one.</summary>
public sealed class SimulationTests
{
    private static RunRecord Run(ExperimentSpec spec, Func<JobStarted, SimulatedAttempt> attempt, Func<Stream>? events = null)
    {
        var record = new RunRecord();
        var simulation = new SimulatedRun(spec, attempt) { Told = record.Apply, Events = events };
        simulation.Run();
        Assert.Equal(0, simulation.Foreign);
        return record;
    }

    /// <summary>1 s a unit.</summary>
    private static SimulatedAttempt Train(JobStarted job, bool resumes)
        => SimulatedRun.Completes(job, TimeSpan.FromSeconds(job.Target - job.Start), job.Trial * 7 % 64, resumes);

    [Theory]
    // 7 waves of 1, 2 of 3, 1 of 12, 1 of 48; busy 64·1 + 16·3 + 4·12 + 1·48.
    [InlineData(true, 73, 208, .2849)]
    // 7·1 + 2·4 + 16 + 64; busy 64 in each rung.
    [InlineData(false, 95, 256, .2695)]
    public void Sha_takes_the_time_that_arithmetic_says(bool resumes, int end, int busy, double utilization)
    {
        var spec = TableWorld.Spec(SchedulerType.Sha, 4, 1, 64, 64) with { Slots = 10 };
        var run = Run(spec, job => Train(job, resumes));
        Assert.Equal((TimeSpan.FromSeconds(end), TimeSpan.FromSeconds(busy)), (run.State.Time, run.Utilization.Busy));
        Assert.Equal(utilization, run.Utilization.Utilization, 4);
        Assert.Equal([64, 16, 4, 1], run.State.Rungs.Select(rung => rung.Completed));
        Assert.Equal(TimeSpan.Zero, run.Utilization.Idle(IdleCause.WaitingForDecision));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Random_tables_run_as_the_rules_say(bool waits) => RandomTable.Drawn(waits).Sample(drawn =>
    {
        // A horizon in whole seconds: much ends at that very moment.
        var table = drawn with { Horizon = TimeSpan.FromSeconds(drawn.Total is null || drawn.Seed % 3 == 0 ? 4 + Math.Abs(drawn.Seed % 23) : 1_000_000) };
        var spec = table.Spec;
        var naive = new NaiveWorld(table).Run();
        var events = new List<ExperimentEvent>();
        var simulation = new SimulatedRun(
            spec with { Slots = table.Slots, Stop = spec.Stop with { After = table.Horizon } }, [.. Nodes(table)], (job, _) => Of(table.AttemptOf(job.Trial, job.Rung, job.Attempt), job)) { Told = events.Add };
        simulation.Run();
        Assert.Equal(0, simulation.Foreign);
        Assert.Equal(naive.Starts, events.OfType<JobStarted>().Select(job => $"{job.Time} {job.Trial}@{job.Rung} attempt {job.Attempt} on {job.Slot}"));
        Assert.Equal(naive.Promotions, events.OfType<TrialPromoted>().Select(up => $"{up.Time} {up.Trial}: {up.Rung}"));
        var run = RunRecord.Of(events);
        Assert.Equal((naive.Now, naive.Busy, naive.Best), (run.State.Time, run.Utilization.Busy, run.State.Best?.Trial));
        Assert.Equal(naive.Started, run.State.Rungs.Select(rung => rung.Started));
        Assert.Equal(naive.Completed, run.State.Rungs.Select(rung => rung.Completed));
        foreach (var (cause, idle) in naive.Idle)
            Assert.Equal((cause, idle), (cause, run.Utilization.Idle(cause)));
    }, iter: 1000, threads: 2);

    [Fact]
    public void A_job_that_waits_with_nothing_else_to_do_is_tried_again_without_a_horizon_to_wait_for()
    {
        // Fails after 1 s, waits 10, fails, waits 20, and takes its second: 1 + 10 + 1 + 20 + 1.
        var spec = TableWorld.Spec(SchedulerType.Asha, 2, 1, 1, 1);
        var run = Run(spec with { Trial = spec.Trial with { RetryBackOff = new BackOffSpec(TimeSpan.FromSeconds(10), 2, TimeSpan.FromMinutes(1), 0) } },
            job => job.Attempt < 3 ? new SimulatedAttempt(TimeSpan.FromSeconds(1), null, new TrialEnding(EndingCause.Crash)) : Train(job, resumes: true));
        Assert.Equal(("completed", TimeSpan.FromSeconds(33)), (run.State.Ended!.Outcome, run.State.Time));
        Assert.Equal((TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(30)), (run.Utilization.Busy, run.Utilization.Idle(IdleCause.RetryBackOff)));
    }

    [Theory]
    [InlineData(1, 10)]
    [InlineData(4, 100)]
    [InlineData(20, 1000)]
    public void A_run_that_outlasts_the_clock_ends_as_failed_and_its_times_add_up(int slots, int trials)
    {
        // 3,000 years of all slots together each: after a few of them a TimeSpan holds no more.
        var run = Run(TableWorld.Spec(SchedulerType.Asha, 2, 1, 1, trials) with { Slots = slots }, job => SimulatedRun.Completes(job, WorldRules.LongestCourse / slots, 1, resumes: true));
        Assert.Equal("failed", run.State.Ended!.Outcome);
        Assert.Matches(@"^no run may go on for longer than [\d,]+ days with so many slots$", run.State.Ended.Reason);
        // Not before it has to.
        Assert.InRange(run.State.Time * (double)slots / TimeSpan.MaxValue, .4, 1);
        Assert.Equal(run.Utilization.Present, run.Utilization.Busy);
        Assert.Equal(run.State.Time * slots, run.Utilization.Busy);
        Assert.True(run.State.Trials.Count < trials);
    }

    [Fact]
    public void A_run_whose_events_cannot_be_taken_is_not_done()
    {
        var simulation = new SimulatedRun(TableWorld.Spec(SchedulerType.Asha, 2, 1, 1, 3), job => Train(job, resumes: true)) { Told = happened => { if (happened is JobCompleted) throw new OverflowException("too long"); } };
        Assert.Equal("too long", Assert.Throws<InvalidOperationException>(simulation.Run).Message);
    }

    /// <summary>The table's slots that come, stop answering and are given up together are a node.</summary>
    internal static IEnumerable<WorldNode> Nodes(RandomTable table) => table.Changes.GroupBy(change => change.First).OrderBy(node => node.Key).Select(node =>
    {
        TimeSpan? At(Asha.Core.Tests.NodeChange change) => node.FirstOrDefault(own => own.Change == change)?.Time;
        var dies = At(Asha.Core.Tests.NodeChange.Die);
        return new WorldNode(node.First().Count) { Joins = node.First().Time, Dies = dies, RemovedAfter = At(Asha.Core.Tests.NodeChange.Remove) - dies ?? TimeSpan.Zero };
    });

    internal static SimulatedAttempt Of(Attempt attempt, JobStarted job) => attempt.Metric is { } metric
        ? SimulatedRun.Completes(job, attempt.Length, metric, resumes: true)
        : new SimulatedAttempt(attempt.Length, null, new TrialEnding(EndingCause.Crash));

    [Fact]
    public void The_same_seed_gives_the_same_events_byte_for_byte()
    {
        var spec = TableWorld.Spec(SchedulerType.Asha, 3, 1, 27, 200) with { Slots = 7 };
        var first = Bytes();
        for (var repeat = 0; repeat < 50; repeat++)
            Assert.Equal(first, Bytes());

        string Bytes()
        {
            using var written = new MemoryStream();
            Run(spec, job => Train(job, resumes: true), () => written);
            return Convert.ToHexString(SHA256.HashData(written.ToArray()));
        }
    }
}
