using Asha.Core.Experiments;
using CsCheck;

namespace Asha.Core.Tests.Experiments;

/// <summary>What holds of quarantine whatever nodes and trials do.</summary>
public class QuarantineLawsTests
{
    private static readonly string[] _names = ["a", "b", "c", "d", "e", "f"];

    /// <summary>Nodes break and are mended, and trials fail by themselves.</summary>
    [Fact]
    public void Whatever_happens_the_laws_hold()
        => Gen.Int.Sample(seed =>
        {
            var random = new Random(seed);
            var (share, broken) = (random.NextDouble() * .6, new HashSet<string>());
            var ground = new QuarantineGround(
                random, _names[..random.Next(1, 7)], random.Next(1, 4), (node, _) => broken.Contains(node) || random.NextDouble() < share, random.Next(2, 5), random.Next(1, 5));
            for (var step = 0; step < 150; step++)
            {
                var node = ground.Nodes[random.Next(ground.Nodes.Count)];
                if (random.Next(20) == 0 && !broken.Remove(node))
                    broken.Add(node);
                ground.Step();
                Judge(ground);
            }
            // Every failure that counts is in the journal, and was not given back.
            var folded = new ExperimentState();
            foreach (var happened in ground.Events)
                folded.Apply(happened);
            Assert.Equal(ground.State.Nodes.Unfit, folded.Nodes.Unfit);
            Assert.Equal(ground.State.Trials.Select(trial => (trial.Failures, trial.Phase)), folded.Trials.Select(trial => (trial.Failures, trial.Phase)));
        }, iter: 150);

    private static void Judge(QuarantineGround ground)
    {
        var state = ground.State;
        var shut = ground.Nodes.Where(node => state.Nodes.IsShut(node, ground.Now)).ToArray();
        Assert.True(shut.Length * 2 <= ground.Nodes.Count, $"{shut.Length} of {ground.Nodes.Count} are shut");
        Assert.True(state.Slots.Present > 0);
        Assert.All(shut, node => Assert.DoesNotContain(state.Running, trial => trial.Node == node && trial.Since > ground.State.Nodes.Unfit[node].Until - QuarantineRules.PauseAfter(state.Nodes.Unfit[node].Failures)));
        var failures = ground.Events.OfType<AttemptFailed>().GroupBy(failed => failed.Trial).ToDictionary(own => own.Key, own => own.Count());
        foreach (var forgiven in ground.Events.OfType<NodeUnfit>().SelectMany(unfit => unfit.Forgives ?? []))
            failures[forgiven.Trial]--;
        Assert.All(state.Trials, trial => Assert.Equal(failures.GetValueOrDefault(trial.Trial), trial.Failures));
    }

    /// <summary>A bad experiment is not a bad node; but before any other node has ended a job, ten in a row may be chance: one in a thousand.</summary>
    [Fact]
    public void An_experiment_that_fails_everywhere_takes_out_hardly_any()
    {
        var blamed = 0;
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var ground = new QuarantineGround(random, _names[..random.Next(1, 7)], random.Next(1, 4), (_, _) => true);
            for (var step = 0; step < 200; step++)
                ground.Step();
            var taken = ground.Events.OfType<NodeUnfit>().Select(unfit => unfit.Node).Distinct().Count();
            Assert.InRange(taken, 0, ground.Nodes.Count / 2);
            blamed += taken;
        }
        Assert.InRange(blamed, 0, 3);
    }

    /// <summary>One that often fails does so on all nodes alike: in 400 × 200 jobs hardly one is blamed.</summary>
    [Fact]
    public void Trials_that_often_fail_take_out_hardly_any()
    {
        var (blamed, jobs) = (0, 0);
        for (var seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var ground = new QuarantineGround(random, _names[..4], 2, (_, _) => random.NextDouble() < .3);
            for (var step = 0; step < 200; step++)
                ground.Step();
            blamed += ground.Events.OfType<NodeUnfit>().Count();
            jobs += ground.Events.Count(happened => happened is JobCompleted or AttemptFailed or AttemptLost);
        }
        Assert.Equal(80_000, jobs);
        Assert.InRange(blamed, 0, jobs / 500); // One in a thousand at most by the rule, of the rows; twice that for the luck of it.
    }

    /// <summary>A black hole, in whatever order jobs end, costs no trial its last try, and gets few jobs.</summary>
    [Fact]
    public void A_black_hole_fails_no_trial_for_good()
        => Gen.Int.Sample(seed =>
        {
            var random = new Random(seed);
            var ground = new QuarantineGround(random, _names[..random.Next(3, 7)], random.Next(1, 4), (node, _) => node == "a");
            for (var step = 0; step < 300; step++)
                ground.Step(random.Next(3) == 0 ? null : "a"); // It is faster than the others.
            Assert.DoesNotContain(ground.Events, happened => happened is AttemptFailed { Last: true });
            Assert.All(ground.Events.OfType<NodeUnfit>(), unfit => Assert.Equal("a", unfit.Node));
            Assert.InRange(ground.Events.OfType<NodeUnfit>().Count(), 1, 6); // 300 s: 15, 30, 60, 120 and 240 s of pause.
            Assert.InRange(ground.Events.OfType<AttemptFailed>().Count() + ground.Events.OfType<AttemptLost>().Count(), 1, 20);
        }, iter: 150);
}
