using Asha.Actors.Replay;
using Asha.Actors.Simulation;
using Asha.Core.Experiments;
using Asha.Core.Tests;
using CsCheck;

namespace Asha.Actors.Tests.Simulation;

/// <summary>What is counted against the disk budget, and what goes: by the actors of a live run on a virtual clock, beside a count that is made anew, from the whole state, at every event.</summary>
public sealed class CheckpointLedgerTests
{
    private sealed record Drawn(SchedulerType Type, BracketRepeat Repeat, int? Trials, int Slots, long Budget, int Seed)
    {
        public ExperimentSpec Spec
        {
            get
            {
                var spec = TableWorld.Spec(Type, 3, 1, 27, Trials ?? (Type == SchedulerType.Sha ? 27 : null));
                return spec with
                {
                    Slots = Slots,
                    Scheduler = spec.Scheduler with { Repeat = Type == SchedulerType.Sha ? Repeat : BracketRepeat.None },
                    Stop = new StopSpec(Resource: 600, Hopeless: null),
                    Trial = spec.Trial with { CheckpointBudget = Budget, MaxAttempts = 2 },
                };
            }
        }

        private int Of(int trial, int what) => new Random(unchecked((Seed * 31 + trial) * 1009 + what)).Next(1000);

        /// <summary>Few metrics, so that many tie; some diverge, some fail, some have no checkpoint, some one that nobody measured.</summary>
        public SimulatedAttempt Attempt(JobStarted job)
        {
            var what = 100 * job.Rung;
            var length = TimeSpan.FromSeconds(job.Target - job.Start + Of(job.Trial, 1 + what) / 1000.0);
            if (Of(job.Trial, 2 + what + job.Attempt) < 100)
                return new SimulatedAttempt(length, null, new TrialEnding(EndingCause.Crash));
            if (job.Checkpoint is not null && Of(job.Trial, 3 + what) < 50)
                return new SimulatedAttempt(length, null, new TrialEnding(EndingCause.CheckpointCorrupt, "it has other bytes"));
            var metric = Of(job.Trial, 4 + what) < 30 ? double.NaN : Of(job.Trial, 5 + what) / 50;
            var kind = Of(job.Trial, 6 + what);
            var result = new TrialReport(job.Target, metric, kind < 100 ? null : "state", CheckpointBytes: kind is >= 100 and < 150 ? null : 1 + Of(job.Trial, 7 + what) / 10);
            return new SimulatedAttempt(length, result with { CheckpointBytes = result.Checkpoint is null ? null : result.CheckpointBytes }, new TrialEnding(EndingCause.Exited))
            {
                Earlier = kind < 500 || job.GoesOn ? null : [(length / 3, new TrialReport((job.Start + job.Target) / 2, 0, "half", CheckpointBytes: 5))],
            };
        }
    }

    private static readonly Gen<Drawn> _any = Gen.Select(
        Gen.OneOfConst(SchedulerType.Asha, SchedulerType.Sha), Gen.Enum<BracketRepeat>(), Gen.Int[-60, 120], Gen.Int[1, 9], Gen.OneOf(Gen.Long[0, 300], Gen.Long[300, 3000]), Gen.Int,
        (type, repeat, trials, slots, budget, seed) => new Drawn(type, repeat, type == SchedulerType.Sha || trials < 1 ? null : trials, slots, budget, seed));

    [Fact]
    public void Where_trials_cannot_be_resumed_nothing_is_counted_and_nothing_goes()
    {
        var events = new List<ExperimentEvent>();
        new SimulatedRun(new Drawn(SchedulerType.Stopping, BracketRepeat.None, 50, 4, 0, 1).Spec, new Drawn(SchedulerType.Stopping, BracketRepeat.None, 50, 4, 0, 1).Attempt) { Told = events.Add }.Run();
        Assert.Contains(events, happened => happened is ReportAccepted { CheckpointBytes: > 0 });
        Assert.DoesNotContain(events, happened => happened is CheckpointDropped);
    }

    [Fact]
    public void What_is_kept_is_within_the_budget_and_the_worst_of_the_fullest_rung_goes_first() => _any.Sample(drawn =>
    {
        var events = new List<ExperimentEvent>();
        new SimulatedRun(drawn.Spec, drawn.Attempt) { Told = events.Add }.Run();
        var state = new ExperimentState();
        foreach (var (at, happened) in events.Index())
        {
            var kept = at == 0 ? [] : Kept(state);
            if (happened is CheckpointDropped dropped)
            {
                Assert.True(kept.Sum(one => one.Bytes) > drawn.Budget, $"event {at}: nothing had to go");
                var rungs = kept.Where(one => one.Trial != state.Best!.Trial).GroupBy(one => one.Rung).OrderByDescending(rung => rung.Count()).ThenBy(rung => rung.Key);
                Assert.Equal(rungs.First().OrderBy(one => one.Metric).ThenBy(one => one.Trial).Last(), (dropped.Trial, dropped.Rung, state.Spec.Metric.Turned(state.Trials[dropped.Trial].Results[^1].Metric), dropped.Bytes));
            }
            else if (happened is JobStarted or SlotParked)
            {
                // What had to go is gone before anything starts.
                Assert.True(kept.Sum(one => one.Bytes) <= drawn.Budget || kept.All(one => one.Trial == state.Best!.Trial), $"event {at}: {kept.Sum(one => one.Bytes)} bytes are kept");
            }
            if (happened is JobStarted { GoesOn: false } started && state.Trials[started.Trial] is { IsCheckpointDropped: true })
                Assert.Equal((0, null), (started.Start, started.Checkpoint));
            state.Apply(happened);
            if (state.Ended is null)
                Assert.Equal(Kept(state).Sum(one => one.Bytes), state.CheckpointLedger!.Used);
        }
        Assert.Null(Redecision.Of(events).Difference);
    }, iter: 100, threads: 2);

    /// <summary>Of trials that do not run: those that may still be promoted, and the best. Counted the slow way.</summary>
    private static List<(int Trial, int Rung, double Metric, long Bytes)> Kept(ExperimentState state)
    {
        var kept = new List<(int, int, double, long)>();
        foreach (var trial in state.Trials)
        {
            var isBest = state.Best == trial && trial.Phase is not (TrialPhase.Pending or TrialPhase.Running);
            if ((isBest ? trial.ResultCheckpoint : trial.Checkpoint) is { Bytes: { } bytes } && trial.Results.Length > 0 && (isBest || MayBePromoted(state, trial)))
                kept.Add((trial.Trial, trial.Rung, state.Spec.Metric.Turned(trial.Results[^1].Metric), bytes));
        }
        return kept;
    }

    private static bool MayBePromoted(ExperimentState state, TrialState trial)
    {
        if (trial.Phase != TrialPhase.Paused || !double.IsFinite(trial.Results[^1].Metric) || trial.Bracket < state.FirstOpen)
            return false;
        var rank = state.Trials.Where(other => other.Bracket == trial.Bracket && other.Results.Length > trial.Rung && double.IsFinite(other.Results[trial.Rung].Metric))
            .Count(other => (state.Spec.Metric.Turned(other.Results[trial.Rung].Metric), other.Trial).CompareTo((state.Spec.Metric.Turned(trial.Results[^1].Metric), trial.Trial)) <= 0);
        return state.Population(trial.Bracket, trial.Rung) is not { } most || rank <= Math.Max(1, most / state.Spec.Scheduler.ReductionFactor);
    }
}
