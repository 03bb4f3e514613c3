using Asha.Core.Scheduling;
using CsCheck;

namespace Asha.Core.Tests.Scheduling;

/// <summary>The bound: an experiment with work gets a slot as soon as a fitting one is free, or one job ends of the one that is asked, which has more than one.</summary>
public class SlotBoundTests
{
    [Fact]
    public void It_waits_for_the_first_job_that_ends_and_not_for_a_certain_one()
    {
        var world = new SharingWorld(1);
        var lengths = new Queue<double>([1, 1000, 1000, 1000]);
        world.At(0, () => world.Join(4));
        world.At(0, () => world.Open("long", new(100, 9), _ => lengths.TryDequeue(out var length) ? length : 1000));
        world.At(0.5, () => world.Open("new", new(1), _ => 1));
        world.RunTo(2);
        // The slot that was recalled is the last one, whose job takes a thousand seconds; the first is given back for it.
        Assert.Equal(1, world.First["new"]);
        Assert.Equal([0], world.Books.Players["new"].Held);
        Assert.Equal([1, 2, 3], world.Books.Players["long"].Held);
        Assert.Equal(0, world.Books.Players["long"].Recalled.Count);
    }

    /// <summary>Whatever priorities, weights and lengths: the k-th in line has one when k jobs of the one with several have ended.</summary>
    [Fact]
    public void Each_that_comes_has_a_slot_by_its_turn()
        => Gen.Int.Sample(seed =>
        {
            var (world, random) = (new SharingWorld(seed), new Random(seed));
            var count = random.Next(1, 6);
            var ends = new List<double>();
            world.At(0, () => world.Join(count + random.Next(1, 5)));
            world.At(0, () => world.Open("rich", new(random.Next(1, 9), random.Next(-2, 3)), _ =>
            {
                if (world.Now > 0)
                    ends.Add(world.Now); // Another starts as one has ended.
                return random.NextDouble() < 0.3 ? 500 : 2 + random.NextDouble();
            }));
            world.At(0.1, () =>
            {
                for (var index = 0; index < count; index++)
                    world.Open($"poor-{index}", new(random.Next(1, 9), random.Next(-2, 3)), _ => 1000);
            });
            world.RunTo(400);
            // A slot that went back starts no other job of its holder: as long as somebody waits each end is a first slot.
            var firsts = world.First.Where(first => first.Key != "rich").Select(first => first.Value).Order().ToArray();
            if (firsts.Length > 0)
                Assert.DoesNotContain(ends, end => end < firsts[^1]);
            // All have one, unless too few short jobs were there to end.
            Assert.True(firsts.Length == count || ends.Count == 0);
        }, iter: 200);

    [Fact]
    public void It_takes_what_comes_free_before_that()
    {
        var world = new PoolUnderTest();
        world.Join([.. Enumerable.Repeat(SlotCapacity.None, 3)]);
        world.Open("rich", new(1, 5));
        world.Balance();
        world.Open("poor", new(1, -5, 1));
        Assert.Equal(new PoolDecision(PoolAction.Recall, "rich", 2) { For = SlotDemand.None }, Assert.Single(world.Balance()));
        world.Join(SlotCapacity.None);
        // The new slot is its own, and the other one need not be returned.
        Assert.Equal([(PoolAction.Keep, "rich", 2), (PoolAction.Grant, "poor", 3)], world.Balance().Select(decision => (decision.Action, decision.Experiment, decision.Slot)));
    }

    [Fact]
    public void Who_has_one_of_two_kinds_gives_the_kind_that_another_needs()
    {
        var world = new PoolUnderTest();
        world.Join(new SlotCapacity(4), new SlotCapacity(4, 0, 1));
        world.Open("any", new());
        world.Balance();
        world.Open("gpu", new(), new SlotDemand(Gpus: 1));
        world.Settle(new Random(1));
        Assert.Equal([1], world.Players["gpu"].Held);
        Assert.Equal([0], world.Players["any"].Held);
        // Nobody gives away its only one.
        world.Open("more", new(), new SlotDemand(Gpus: 1));
        Assert.Empty(world.Balance());
    }
}
