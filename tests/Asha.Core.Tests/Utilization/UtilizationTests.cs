using Asha.Core.Experiments;
using Asha.Core.Utilization;
using CsCheck;

namespace Asha.Core.Tests.Utilization;

/// <summary>Busy and idle slot-time against the integral over each slot's own timeline.</summary>
public class UtilizationTests
{
    private enum Doing { Undecided, Parked, Busy, Lost }

    [Fact]
    public void Whatever_slots_do_the_tally_is_the_integral()
        // Decisions come late here, at random times, so that every phase lasts; slots come, are lost with their job, and leave.
        => Gen.Select(Gen.Int, Gen.Int[1, 120]).Sample((seed, steps) =>
        {
            var events = Script(new Random(seed), steps);
            var (tally, naive) = (RunRecord.Of(events).Utilization, Integrate(events));
            Assert.Equal(naive[Doing.Busy], tally.Busy);
            Assert.Equal(naive[Doing.Lost], tally.Idle(IdleCause.NodeLost));
            Assert.Equal(naive[Doing.Undecided], tally.Idle(IdleCause.WaitingForDecision));
            Assert.Equal(naive[Doing.Parked], tally.Idle(IdleCause.RungBarrier) + tally.Idle(IdleCause.NoPromotable) + tally.Idle(IdleCause.NoWork));
            Assert.Equal(naive.Values.Aggregate((sum, time) => sum + time), tally.Present);
        }, iter: 500);

    /// <summary>Told in the middle of things, it is what it will be when the next event comes, and is changed by no question.</summary>
    [Fact]
    public void Between_two_events_it_goes_on_by_what_the_slots_do()
    {
        var record = new RunRecord();
        foreach (var happened in Script(new Random(7), 100))
        {
            var until = record.State.Events == 0 ? record.Utilization : record.Utilization.Until(record.State, happened.Time);
            var before = record.Utilization.Present;
            Assert.True(until.Present >= before);
            record.Apply(happened);
            Assert.Equal(Figures(record.Utilization), Figures(until));
        }
        Assert.True(record.Utilization.Busy > TimeSpan.Zero);

        static IEnumerable<TimeSpan> Figures(UtilizationTally tally) => Enum.GetValues<IdleCause>().Select(tally.Idle).Append(tally.Busy).Append(tally.Present);
    }

    [Fact]
    public void A_dead_nodes_slots_count_until_they_are_removed()
    {
        var tally = RunRecord.Of(TwoSlots.OneDies().TakeDecided()).Utilization;
        Assert.Equal((At(12), At(3), At(15), 2), (tally.Busy, tally.Idle(IdleCause.NodeLost), tally.Present, tally.MostSlots));
        Assert.Equal(12.0 / 15, tally.Utilization);
    }

    [Fact]
    public void No_slot_no_utilization()
        => Assert.Equal(0, new UtilizationTally().Utilization);

    [Fact]
    public void Every_cause_has_a_name_of_its_own()
        => Assert.Equal(
            ["node-lost", "waiting-for-decision", "retry-back-off", "rung-barrier", "no-promotable", "no-work"],
            Enum.GetValues<IdleCause>().Select(cause => cause.Name()));

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    private static List<ExperimentEvent> Script(Random random, int steps)
    {
        var experiment = new Experiment(TableWorld.Spec(SchedulerType.Asha, 3, 1, 9, null), new RunOrigin("test", DateTimeOffset.UnixEpoch, "0", "test"));
        var (state, now, joined) = (experiment.State, TimeSpan.Zero, 0);
        for (var step = 0; step < steps; step++)
        {
            now += TimeSpan.FromTicks(random.Next(3) == 0 ? 0 : random.Next(1_000_000));
            var slots = state.Slots.All.Where(slot => slot.Value != SlotPhase.Lost).Select(slot => slot.Key).ToArray();
            var running = state.Trials.Where(trial => trial.IsRunning).ToArray();
            switch (random.Next(7))
            {
                case 0:
                    experiment.Join(now, joined++, "node");
                    break;
                case 1 or 2 when state.Slots.FirstIdle is not null:
                    if (state.Retries.Count + state.Brackets[0].Pending.Count == 0)
                        experiment.Sample(now);
                    experiment.Start(now, state.Retries.TryPeek(out var retry) ? retry : state.Brackets[0].Pending.Peek());
                    break;
                case 3:
                    experiment.Park(now);
                    break;
                case 4 when running.Length > 0:
                    var ends = running[random.Next(running.Length)];
                    experiment.Receive(now, new JobReport(ends.Trial, ends.Attempt, 0, [new TrialReport(ends.Target, 1)], new TrialEnding(EndingCause.Exited)));
                    break;
                case 5 when slots.Length > 0 && random.Next(3) == 0:
                    experiment.Lose(now, [slots[random.Next(slots.Length)]]);
                    break;
                case 6 when state.Slots.All.Where(slot => slot.Value != SlotPhase.Busy).Select(slot => (int?)slot.Key).FirstOrDefault() is { } leaves:
                    experiment.Leave(now, leaves);
                    break;
                default:
                    break;
            }
        }
        experiment.End(now + TimeSpan.FromTicks(1234567), "interrupted", "");
        return [.. experiment.TakeDecided()];
    }

    /// <summary>Follows each slot by itself, from the events alone.</summary>
    private static Dictionary<Doing, TimeSpan> Integrate(IReadOnlyList<ExperimentEvent> events)
    {
        var sums = Enum.GetValues<Doing>().ToDictionary(doing => doing, _ => TimeSpan.Zero);
        var slots = new Dictionary<int, (Doing Doing, TimeSpan Since)>();
        foreach (var happened in events)
        {
            switch (happened)
            {
                case SlotJoined joined: slots[joined.Slot] = (Doing.Undecided, joined.Time); break;
                case SlotParked parked: Turn(parked.Slot, Doing.Parked, parked.Time); break;
                case JobStarted started: Turn(started.Slot, Doing.Busy, started.Time); break;
                case JobCompleted ended: Turn(ended.Slot, Doing.Undecided, ended.Time); break;
                case AttemptLost lost: Turn(lost.Slot, Doing.Undecided, lost.Time); break;
                case JobCut cut: Turn(cut.Slot, Doing.Undecided, cut.Time); break;
                case SlotLost lost: Turn(lost.Slot, Doing.Lost, lost.Time); break;
                case SlotLeft left:
                    Turn(left.Slot, Doing.Undecided, left.Time);
                    slots.Remove(left.Slot);
                    break;
                default: break;
            }
        }
        foreach (var slot in slots.Keys.ToArray())
            Turn(slot, Doing.Undecided, events[^1].Time);
        return sums;

        void Turn(int slot, Doing next, TimeSpan now)
        {
            sums[slots[slot].Doing] += now - slots[slot].Since;
            slots[slot] = (next, now);
        }
    }
}
