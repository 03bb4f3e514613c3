using Asha.Actors.Simulation;
using Asha.Core.Experiments;
using Asha.Core.Tests;
using Asha.Core.Worlds;
using Asha.Torture.Invariants;
using CsCheck;

namespace Asha.Torture.Tests.Invariants;

/// <summary>No law is too strict: runs of the core over random tables, of every type, with crashes, back-offs and nodes that come and go, keep them all.</summary>
public sealed class SoundRunsTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Runs_over_random_tables_keep_all_laws(bool waits) => RandomTable.Drawn(waits).Sample(table =>
    {
        var laws = Laws.All(TimeSpan.Zero);
        var told = 0;
        var world = table.World(settled =>
        {
            var events = settled.Events.GetRange(told, settled.Events.Count - told);
            told = settled.Events.Count;
            foreach (var law in laws)
            {
                Feed(law, events);
                law.Quiet(settled.State.Time, settled.State, isHeld: false);
            }
        }, sendsTwice: table.Seed % 2 == 0).Run(table.Changes, table.Horizon);
        foreach (var law in laws)
        {
            Feed(law, world.Events.Skip(told));
            law.Ended(world.State.Time, world.Events, world.State);
        }
    }, iter: 1000, threads: 2);

    /// <summary>A run that is cut off at any commit, and goes on with the real actors on other slots, to its end.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Runs_that_go_on_after_a_crash_keep_them_too(bool waits) => RandomTable.Drawn(waits).Where(table => table.Total is not null).Select(Gen.Double.Unit).Sample((table, where) =>
    {
        var commits = new List<int>();
        var world = table.World(settled => commits.Add(settled.Events.Count)).Run(table.Changes, table.Horizon);
        var before = world.Events.Take(commits[(int)(where * (commits.Count - 1))]).ToList();
        var (laws, events) = (Laws.All(TimeSpan.Zero), before.ToList());
        var crashed = RunRecord.Of(before).State;
        if (crashed.Ended is not null)
            return;
        var run = new SimulatedRun(table.Spec, [new WorldNode(table.Slots)], (job, _) => AttemptOf(table, job)) { Before = before, Told = events.Add };
        run.Run();
        foreach (var law in laws)
        {
            Feed(law, before);
            law.Crashed(crashed.Time, before, crashed);
            Feed(law, events.Skip(before.Count));
            law.Ended(events[^1].Time, events, RunRecord.Of(events).State);
        }
        Assert.Contains(events, happened => happened is ExperimentResumed);
    }, iter: 500, threads: 2);

    private static SimulatedAttempt AttemptOf(RandomTable table, JobStarted job) => table.AttemptOf(job.Trial, job.Rung, job.Attempt) is { Metric: { } metric } done
        ? SimulatedRun.Completes(job, done.Length, metric, resumes: true)
        : new SimulatedAttempt(table.AttemptOf(job.Trial, job.Rung, job.Attempt).Length, null, new TrialEnding(EndingCause.Crash));

    /// <summary>The events one by one, each with the message that it must have come from.</summary>
    internal static void Feed(Invariant law, IEnumerable<ExperimentEvent> events)
    {
        foreach (var happened in events)
        {
            if (happened is ReportAccepted accepted)
                law.Arrived(happened.Time, new JobReport(accepted.Trial, accepted.Attempt, accepted.Message, [new TrialReport(accepted.Resource, accepted.Metric, accepted.Checkpoint)]));
            law.Committed(happened.Time, [happened]);
        }
    }
}
