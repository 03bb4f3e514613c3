using Asha.Actors.Simulation;
using Asha.Core.Experiments;
using Asha.Core.Spaces;
using Asha.Core.Tests;
using Asha.Torture.Faults;
using Asha.Torture.World;

namespace Asha.Torture.Tests;

/// <summary>What a run is reported to have been: which transitions it reached, which faults took effect, and its hash.</summary>
public sealed class CountingTests
{
    private static readonly RunOrigin _origin = new("run", DateTimeOffset.UnixEpoch, "0", "test");

    private static TimeSpan At(int second) => TimeSpan.FromSeconds(second);

    [Fact]
    public void Names_of_one_length_are_different_transitions()
    {
        var coverage = new Coverage();
        ExperimentEvent[] events =
        [
            new ExperimentStarted(TimeSpan.Zero, TableWorld.Spec(SchedulerType.Asha, 2, 1, 4, 2), _origin),
            new SlotJoined(At(0), 0, "node"),
            new TrialSampled(At(1), 0, 0, Configuration.Empty),
            new JobStarted(At(2), 0, 0, 0, 1, 0, 0, 1),
            new AttemptLost(At(3), 0, 0, 0, 1, 0, FaultNames.CheckpointMissing),
            new JobStarted(At(4), 0, 0, 0, 2, 0, 0, 1),
            new AttemptLost(At(5), 0, 0, 0, 2, 0, FaultNames.CheckpointCorrupt),
            new ExperimentEnded(At(6), FinalOutcome.Paused, ""),
            new ExperimentResumed(At(6), _origin),
            new ExperimentEnded(At(7), "failed", "its slots are gone"),
            new ExperimentResumed(At(7), _origin),
        ];
        Array.ForEach(events, coverage.Take);
        Assert.Superset(new HashSet<string> { "AttemptLost: checkpoint-missing", "AttemptLost: checkpoint-corrupt", "ExperimentResumed: paused, nothing ran", "ExperimentResumed: failed, nothing ran" }, coverage.Seen.ToHashSet());
    }

    [Fact]
    public void Another_engine_shows_what_ended_the_one_before_and_nothing_that_was_not_done()
    {
        var counts = new FaultCounts();
        var effects = new Effects(counts);
        effects.Take(new ExperimentResumed(At(1), _origin)); // It went by itself.
        effects.Leaves(Fault.UserInterrupts);
        effects.Take(new ExperimentResumed(At(2), _origin));
        Assert.Equal((1L, 0L), (counts.Took(Fault.UserInterrupts), counts.Took(Fault.CoordinatorCrash)));
        effects.Leaves(Fault.CoordinatorCrash);
        effects.Take(new ExperimentResumed(At(3), _origin));
        effects.Take(new ExperimentResumed(At(4), _origin));
        Assert.Equal((1L, 1L), (counts.Took(Fault.UserInterrupts), counts.Took(Fault.CoordinatorCrash)));
    }

    [Fact]
    public void A_slot_is_retired_by_what_ran_there_last_and_not_by_its_failure_alone()
    {
        var counts = new FaultCounts();
        var effects = new Effects(counts);
        Array.ForEach<ExperimentEvent>([new SlotJoined(At(0), 0, "node"), new JobStarted(At(1), 0, 0, 0, 1, 0, 0, 1)], effects.Take);
        effects.Showed(Fault.TrialRetiresSlot, 0, 1);
        effects.Take(new AttemptFailed(At(2), 0, 0, 0, 1, 0, "silence", "", Last: false, null));
        Assert.Equal((1L, 0L), (counts.Injected(Fault.TrialRetiresSlot), counts.Took(Fault.TrialRetiresSlot)));
        effects.Take(new SlotLeft(At(2), 0));
        Assert.Equal(0, counts.Took(Fault.TrialRetiresSlot));
        effects.Take(new SlotLeft(At(2), 0, "its trial cannot be ended"));
        Assert.Equal(1, counts.Took(Fault.TrialRetiresSlot));
    }

    [Fact]
    public void What_a_trial_did_not_do_has_no_effect()
    {
        var counts = new FaultCounts();
        var effects = new Effects(counts);
        for (var trial = 0; trial < 2; trial++)
        {
            effects.Take(new JobStarted(At(1), trial, 0, 0, 1, 0, 0, 1));
            if (trial == 1)
                effects.Showed(Fault.TrialTalksOn, trial, 1);
            effects.Take(new JobCompleted(At(2), trial, 0, 0, 1, 0, 1, .5));
        }
        Assert.Equal((1L, 1L), (counts.Injected(Fault.TrialTalksOn), counts.Took(Fault.TrialTalksOn)));
    }

    [Fact]
    public void What_cut_a_run_short_is_told_apart_from_what_outstayed_its_end()
    {
        var counts = new FaultCounts();
        var effects = new Effects(counts);
        void Stop(int at, int cut, string outcome, Fault? habit = null)
        {
            if (habit is { } shown)
                effects.Showed(shown, 0, 1);
            effects.Take(new ExperimentStopping(At(at), FinalOutcome.Paused, ""));
            effects.Take(new JobCut(At(cut), 0, 0, 0, 1, 0));
            effects.Take(new ExperimentEnded(At(cut), outcome, ""));
            effects.Take(new ExperimentResumed(At(cut), _origin));
        }
        (long, long, long) Counts() => (counts.Took(Fault.UserInsists), counts.Took(Fault.UserCancels), counts.Took(Fault.TrialOutstays));
        Stop(10, 12, FinalOutcome.Interrupted, Fault.TrialOutstays);
        Assert.Equal((1, 0, 0), Counts());
        Stop(20, 22, FinalOutcome.Cancelled);
        Assert.Equal((1, 1, 0), Counts());
        Stop(30, 32, "stopped"); // A rule did.
        Assert.Equal((1, 1, 0), Counts());
        Stop(40, 65, FinalOutcome.Paused);
        Assert.Equal((1, 1, 1), Counts());
    }

    [Fact]
    public void Runs_that_differ_in_a_metric_have_different_hashes()
    {
        using var system = new VirtualSystem();
        ulong HashOf(string entry)
        {
            var trace = new Trace(system.Clock, null);
            trace.Written(System.Text.Encoding.UTF8.GetBytes(entry));
            return trace.Hash;
        }
        Assert.Equal(HashOf("metric 0.25"), HashOf("metric 0.25"));
        Assert.NotEqual(HashOf("metric 0.25"), HashOf("metric 0.250000001"));
    }
}
