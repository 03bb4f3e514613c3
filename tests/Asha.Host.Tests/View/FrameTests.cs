using System.Diagnostics;
using Asha.Core.Experiments;
using Asha.Core.Randomness;
using Asha.Core.Spaces;
using Asha.Host.View;
using CsCheck;
using Spectre.Console;
using Xunit.Abstractions;

namespace Asha.Host.Tests.View;

/// <summary>What is drawn, for any run and any size; no terminal is needed for that.</summary>
public class FrameTests(ITestOutputHelper output)
{
    [Fact]
    public void It_fits_every_screen_and_no_control_character_is_in_it()
        => (from width in Gen.Int[1, 220]
            from height in Gen.Int[1, 60]
            from slots in Gen.Int[0, 60]
            from seed in Gen.Int
            from notice in Gen.Bool
            select (width, height, slots, seed, notice)).Sample(with =>
        {
            var sketch = Random(with.slots, with.seed);
            var rows = sketch.Draw(1e5, with.width, with.height, with.notice ? "stopping\e[2J" : null);
            Assert.InRange(rows.Count, 0, with.height);
            foreach (var row in rows)
            {
                Assert.DoesNotContain(row.Text, char.IsControl);
                Assert.DoesNotContain('\u202e', row.Text);
                Assert.Equal(row.Text.GetCellWidth(), row.Width);
                Assert.InRange(row.Width, 0, with.width);
            }
            if (with.height >= 10 && with.width >= 40)
            {
                var text = string.Join('\n', rows.Select(row => row.Text));
                Assert.Contains("rung", text);
                Assert.Contains("slots  ", text);
                Assert.Contains("\nbest  ", text);
                Assert.Contains("\nutilization  ", text);
                Assert.Equal(with.notice, text.Contains("stopping"));
            }
        }, iter: 500);

    [Fact]
    public void The_numbers_are_those_of_the_run()
    {
        var sketch = new RunSketch(slots: 3, trials: 9);
        var first = sketch.Start(0, 0, ("rate", ParameterValue.Of(0.123456789)), ("name", ParameterValue.Of("a\e[2Jb")));
        sketch.Start(0, 1);
        sketch.Start(0, 2);
        sketch.End(10, first, 0.5).End(10, 1, 0.25).End(20, 2, 0.75);
        sketch.Promote(20, 1, 0);
        sketch.Start(20, 1);
        sketch.Fail(25, 3, "crash", "SIGSEGV\nfirst\nlast words");
        var text = sketch.Text(40, 100, 30);
        output.WriteLine(text);
        Assert.Contains("elapsed 0:40, rest about ", text);
        Assert.Contains("ASHA, η 3   min loss   4 of 9 trials sampled, 5 jobs, 5 attempts", text);
        Assert.Matches(@"\n +1 +3 +- +1 +- +- +- +-", text);
        Assert.Matches(@"\n +0 +1 +1 +- +3 of 9 +1 +- +0\.25", text);
        Assert.Contains("slots  1 of 3 busy, 2 idle (waiting-for-decision)", text);
        // Of 120 slot-seconds: 10 + 10 + 20, then 20 and 5.
        Assert.Contains("utilization  54.2 %  idle: waiting-for-decision 45.8 %", text);
        Assert.Matches(@"\n0 +1 +1 +0:20 +0 of 3 +░+\n1 +- +- +- +idle", text);
        Assert.Contains("best  loss 0.25 at 1 epoch, trial 1 (rung 0, the highest with a result)", text);
        Assert.Contains("failures  1x crash\n      0:25  trial 3, rung 0, try 1 of 3: crash: SIGSEGV: last words", text);
        Assert.Contains("0:20  trial 1 promoted to 3 epoch", text);
    }

    [Fact]
    public void A_checkpoint_that_could_not_be_used_is_told_of()
    {
        var sketch = new RunSketch(slots: 1, trials: 9);
        var trial = sketch.Start(0, 0);
        sketch.Tell(new ReportAccepted(RunSketch.At(5), trial, 1, 0.5, 1, "half")).Tell(new ReportAccepted(RunSketch.At(8), trial, 1, 0.75, 1, "more", 1)).Fail(10, trial, "crash", "");
        sketch.Tell(new JobStarted(RunSketch.At(11), trial, 0, 0, 2, 0, 0.75, 1, new CheckpointRef(1, "more", 0.75)));
        sketch.Tell(new AttemptLost(RunSketch.At(12), trial, 0, 0, 2, 0, "checkpoint-corrupt", "it has 1 bytes, its manifest says 2"));
        sketch.Tell(new JobStarted(RunSketch.At(13), trial, 0, 0, 3, 0, 0.5, 1, new CheckpointRef(1, "half", 0.5)));
        Assert.Contains("0:12  trial 0: its checkpoint more of attempt 1 is corrupt (it has 1 bytes, its manifest says 2): it starts again from half of attempt 1", sketch.Text(20, 160, 40));
    }

    [Fact]
    public void What_there_is_no_room_for_is_counted()
    {
        var sketch = new RunSketch(slots: 40, trials: 200);
        for (var slot = 0; slot < 40; slot++)
            sketch.Start(slot, slot);
        var text = sketch.Text(4000, 80, 24);
        output.WriteLine(text);
        var shown = Enumerable.Range(0, 40).Count(slot => System.Text.RegularExpressions.Regex.IsMatch(text, $@"(\n|  ) ?{slot} +{slot} +0 +1h0[0-9]"));
        Assert.InRange(shown, 16, 39);
        Assert.Contains($"… and {40 - shown} more", text);
        Assert.Contains("40 of 40 busy, longest trial 0 for 1:06:40", text);
        Assert.Equal(40, Enumerable.Range(0, 40).Count(slot => System.Text.RegularExpressions.Regex.IsMatch(sketch.Text(4000, 200, 50), $@"(\n|  ) ?{slot} +{slot} +0 +1:")));
    }

    [Fact]
    public void A_thousand_slots_and_a_hundred_thousand_trials_are_drawn()
    {
        var sketch = new RunSketch(slots: 1000, trials: 300_000);
        for (var trial = 0; trial < 133_000; trial++)
        {
            if (sketch.State.Slots.TrialOn(trial % 1000) is not { } running)
                sketch.Start(trial, trial % 1000, ("x", ParameterValue.Of(trial)));
            else if (sketch.End(trial, running, trial % 977).State.Trials[running].Rung < 3 && KeyedRandom.Of(7).Stream(trial).Unit() < 1.0 / 3)
                sketch.Promote(trial, running, trial % 1000);
            else
                sketch.Start(trial, trial % 1000, ("x", ParameterValue.Of(trial)));
        }
        // The best of many: the machine has other things to do as well. The times are for people (docs/live-view.md); a shared machine may miss any limit.
        var moment = sketch.Moment(133_001);
        var frame = Best(() => Assert.Equal(50, Frame.Draw(moment, new Look(200, 50)).Count));
        var estimate = Best(() => sketch.Moment(133_001));
        output.WriteLine($"a frame {frame:0.00} ms, an estimate (one a second) {estimate:0.00} ms");

        static double Best(Action act) => Enumerable.Range(0, 100).Min(_ =>
        {
            var start = Stopwatch.GetTimestamp();
            act();
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        });
    }

    private static RunSketch Random(int slots, int seed)
    {
        var random = KeyedRandom.Of(seed);
        const string nasty = "a\e[31m\u009b5m\u202e日本\U0001F600\ud800\n\tb";
        var sketch = new RunSketch(slots, seed % 3 == 0 ? null : 200, seed % 2 == 0 ? SchedulerType.Sha : SchedulerType.Asha, $"run-{nasty}{new string('x', (int)(random.Stream("name").Unit() * 100))}", nasty, nasty, seed % 5 == 0 ? 1 : 2187);
        for (var step = 0; step < slots * 3; step++)
        {
            var (draw, slot) = (random.Stream(step), step % slots);
            if (sketch.State.Slots.TrialOn(slot) is not { } running)
                sketch.Start(step, slot, (nasty, ParameterValue.Of(nasty)), ("long", ParameterValue.Of(new string('y', 300))), ("number", ParameterValue.Of(draw.Unit())));
            else if (draw.Stream("fails").Unit() < 0.3)
                sketch.Fail(step, running, nasty, nasty, last: true);
            else
                sketch.End(step, running, draw.Stream("metric").Unit() < 0.2 ? double.NaN : draw.Unit());
            if (draw.Stream("parks").Unit() < 0.1 && sketch.State.Slots.TrialOn(slot) is null)
                sketch.Tell(draw.Unit() < 0.5 ? new SlotParked(RunSketch.At(step), slot) : new SlotLost(RunSketch.At(step), slot));
        }
        return sketch;
    }
}
