using System.Buffers;
using System.Text;
using Asha.Actors.Persistence;
using Asha.Actors.Simulation;
using Asha.Core.Experiments;
using Asha.Core.Tests;

namespace Asha.Tuning.Tests;

/// <summary>
/// The same run live and in virtual time. Live trials end when the test says so, in a random order, each after the last end was decided upon; then the run is played again in a world in which they end in the recorded order. Every event is the same, in
/// the same order: what differs is when it was, on which machine, and the names of run and node.
/// </summary>
public sealed class ParityTests : TestRuns
{
    private const int Seeds = 8;

    private static readonly double[] _levels = [1, 3, 9, 27];

    public static TheoryData<SchedulerKind, int, int> Runs
    {
        get
        {
            var runs = new TheoryData<SchedulerKind, int, int>();
            for (var seed = 0; seed < Seeds; seed++)
            {
                runs.Add(SchedulerKind.Asha, 3 + seed % 2, seed);
                runs.Add(SchedulerKind.Sha, 3 + seed % 2, seed);
                runs.Add(SchedulerKind.Stopping, 3 + seed % 2, seed);
            }
            return runs;
        }
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task What_is_decided_live_is_decided_in_virtual_time(SchedulerKind kind, int slots, int seed)
    {
        var scheduler = kind switch
        {
            SchedulerKind.Sha => Scheduler.Sha(trials: 27, reductionFactor: 3),
            SchedulerKind.Asha => Scheduler.Asha(trials: 30, reductionFactor: 3),
            _ => Scheduler.Stopping(trials: 30, reductionFactor: 3),
        };
        // Every fourth run is cut by a rule while others run.
        var stop = seed % 4 == 3 ? new StopRules { Trials = 20 } : new StopRules();
        var options = Options with { Resource = new Resource("step", Max: 27) { Min = 1 }, Scheduler = scheduler, Slots = slots, MaxAttempts = 2, RetryBackOff = BackOff.None, Seed = seed, Stop = stop };
        var live = new SteppedRun(options, kind == SchedulerKind.Stopping ? RunThroughAsync : ToTargetAsync);
        var recorded = await live.RunAsync(new Random(seed)).WaitAsync(Patience);

        Assert.Equal(live.Ends, recorded.Select(EndOf).OfType<(int, int)>());
        Assert.Equal(Lines(recorded), Lines(Replay(recorded)));
        // Both are decided by the same core: that it decides by its rules is counted apart.
        Assert.True(PromotionAudit.Check(recorded) >= (stop.Trials is null ? 9 : kind == SchedulerKind.Sha ? 0 : 3));
        SlotsAreServedLowestFirst(recorded);
        HasSomethingToTell(recorded, slots);

        async Task ToTargetAsync(Trial trial, Func<Task> turn)
        {
            await turn();
            Act(trial, trial.Target, resumes: Draw(trial, trial.Target).Next(3) > 0);
        }

        // From level to level; it leaves a checkpoint at each, so that one that fails goes on from there.
        async Task RunThroughAsync(Trial trial, Func<Task> turn)
        {
            foreach (var level in _levels.Where(level => level > trial.Start))
            {
                await turn();
                Act(trial, level, resumes: true);
            }
        }

        // Few different metrics, so that many tie; some are not finite; some attempts fail, some trials for good. Those without a checkpoint start again from nothing when they are promoted.
        void Act(Trial trial, double level, bool resumes)
        {
            var draw = Draw(trial, level + 100);
            var metric = draw.Next(6) == 0 ? double.NaN : draw.Next(5);
            if (trial.Number % 9 == 4 || (draw.Next(5) == 0 && trial.RetryReason.Length == 0))
                throw new InvalidOperationException($"trial {trial.Number} fails at {level}");
            if (resumes)
                File.WriteAllText(Path.Combine(trial.CheckpointFolder, $"at-{level}"), "");
            Assert.True(trial.Report(level, metric, resumes ? $"at-{level}" : null));
        }

        Random Draw(Trial trial, double what) => new(unchecked((seed * 31 + trial.Number) * 1009 + (int)what));
    }

    /// <summary>The run in virtual time: the first recorded end comes after a second, the next one after another, whatever is decided meanwhile.</summary>
    private static List<ExperimentEvent> Replay(List<ExperimentEvent> recorded)
    {
        var ends = new Dictionary<(int Trial, int Attempt), (int Number, SimulatedAttempt Goes)>();
        var reports = recorded.OfType<ReportAccepted>().ToDictionary(report => (report.Trial, report.Attempt), report => new TrialReport(report.Resource, report.Metric, report.Checkpoint, CheckpointBytes: report.CheckpointBytes));
        foreach (var happened in recorded)
        {
            if (EndOf(happened) is { } attempt)
            {
                ends[attempt] = (ends.Count + 1, happened is AttemptFailed failed
                    ? new SimulatedAttempt(default, null, new TrialEnding(EndingCause.Exception, failed.Detail))
                    : new SimulatedAttempt(default, reports[attempt], new TrialEnding(EndingCause.Exited)));
            }
        }
        // One that had no end was cut with the run.
        var again = new List<ExperimentEvent>();
        var world = new SimulatedRun(((ExperimentStarted)recorded[0]).Experiment, job => ends.TryGetValue((job.Trial, job.Attempt), out var end)
            ? end.Goes with { Length = TimeSpan.FromSeconds(end.Number) - job.Time }
            : new SimulatedAttempt(TimeSpan.FromDays(1), null, new TrialEnding(EndingCause.Crash))) { Told = again.Add };
        world.Run();
        Assert.Equal(0, world.Foreign);
        return again;
    }

    private static (int Trial, int Attempt)? EndOf(ExperimentEvent happened) => happened switch
    {
        JobCompleted done => (done.Trial, done.Attempt),
        AttemptFailed failed => (failed.Trial, failed.Attempt),
        _ => null,
    };

    /// <summary>As the journal has them, without times, and with one name for the run, the machine and the node.</summary>
    private static IEnumerable<string> Lines(IEnumerable<ExperimentEvent> events) => events.Select(happened =>
    {
        var target = new ArrayBufferWriter<byte>();
        EventLines.Write(target, (happened with { Time = TimeSpan.Zero }) switch
        {
            ExperimentStarted started => started with { Origin = new RunOrigin("run", DateTimeOffset.UnixEpoch, "", "") },
            SlotJoined joined => joined with { Node = "node" },
            var other => other,
        });
        return Encoding.UTF8.GetString(target.WrittenSpan);
    });

    /// <summary>By a set of its own, since the table of slots is part of what decides. A trial that goes on does so in its own slot.</summary>
    private static void SlotsAreServedLowestFirst(List<ExperimentEvent> events)
    {
        var idle = new SortedSet<int>();
        foreach (var happened in events)
        {
            switch (happened)
            {
                case SlotJoined joined: idle.Add(joined.Slot); break;
                case JobCompleted done: idle.Add(done.Slot); break;
                case AttemptFailed failed: idle.Add(failed.Slot); break;
                case JobStarted started:
                    Assert.True(idle.Remove(started.Slot));
                    Assert.True(started.GoesOn || idle.Count == 0 || started.Slot < idle.Min, $"{started} though slot {idle.Min} is idle");
                    break;
            }
        }
    }

    /// <summary>That the order was a wild one, and that what may go wrong did.</summary>
    private static void HasSomethingToTell(List<ExperimentEvent> events, int slots)
    {
        var starts = events.OfType<JobStarted>().Select(job => (job.Trial, job.Attempt)).ToList();
        var overtaken = events.Select(EndOf).OfType<(int, int)>().Select(end => starts.IndexOf(end)).ToList();
        Assert.True(overtaken.Zip(overtaken.Skip(1)).Count(pair => pair.Second < pair.First) >= 5, "ends overtake one another");
        Assert.Equal(slots, events.OfType<JobStarted>().Select(job => job.Slot).Distinct().Count());
        Assert.Contains(events, happened => happened is AttemptFailed { Last: false });
        Assert.Contains(events, happened => happened is AttemptFailed { Last: true });
        Assert.Contains(events, happened => happened is JobCompleted { Metric: double.NaN });
        var results = events.OfType<JobCompleted>().Where(done => done.Rung == 0 && double.IsFinite(done.Metric)).Select(done => done.Metric).ToList();
        Assert.True(results.Distinct().Count() < results.Count, "some metrics tie");
    }
}
