using Asha.Torture.Campaign;
using Asha.Torture.Faults;
using Asha.Torture.Invariants;
using Asha.Torture.World;

namespace Asha.Torture.Tests;

/// <summary>Failing cases are made smaller, and what is left is what the failure needs.</summary>
public sealed class ShrinkerTests
{
    internal static TortureResult Result(TortureCase @case, string? law) => new()
    {
        Case = @case, Hash = 0, Messages = 0, Events = 0, Length = default, Faults = new FaultCounts(), Evaluated = [], Transitions = new HashSet<string>(), Foreign = 0, Outcomes = [""], Broken = law is null ? null : new ViolationException(law, ""),
    };

    /// <summary>A seed of which all of these kinds are drawn.</summary>
    private static TortureCase With(params Fault[] kinds) => Enumerable.Range(0, 1000).Select(seed => new TortureCase(seed)).First(one => PlanDraw.Of(one) is var plan && kinds.All(plan.Faults.Kinds.Contains) && plan.Nodes.Count > 2);

    [Fact]
    public void What_the_failure_needs_is_left()
    {
        var whole = With(Fault.Dropped, Fault.NodeFrozen, Fault.JournalSlow);
        // Two kinds together, two nodes and five trials.
        var smallest = new Shrinker(one => Result(one, !one.Without.Contains(Fault.Dropped) && !one.Without.Contains(Fault.NodeFrozen) && !(one.Nodes < 2) && !(one.Trials < 5) ? "a law" : null)).Shrink(Result(whole, "a law"));
        Assert.Equal([Fault.Dropped, Fault.NodeFrozen], PlanDraw.Of(smallest.Case).Faults.Kinds.Order());
        Assert.Equal((1, 2, 0), (smallest.Case.Experiment, smallest.Case.Nodes, smallest.Case.Fire));
        Assert.InRange(smallest.Case.Trials!.Value, 5, 6);
    }

    [Fact]
    public void Of_a_seeds_experiments_the_one_that_broke_it_is_left()
    {
        var whole = new TortureCase(0);
        var smallest = new Shrinker(one => Result(one, one.Experiment == 3 ? "a law" : null)).Shrink(Result(whole, "a law") with { Outcomes = ["completed", "stopped", ""] });
        Assert.Equal((3, 1, 0), (smallest.Case.Experiment, smallest.Case.Trials, smallest.Case.Fire));
        Assert.Empty(PlanDraw.Of(smallest.Case).Faults.Kinds);
    }

    [Fact]
    public void Another_law_is_another_failure_and_some_time_it_is_enough()
    {
        var (runs, whole) = (0, With(Fault.Dropped));
        TortureResult Run(TortureCase one)
        {
            runs++;
            return Result(one, "another law");
        }
        Assert.Equal(whole, new Shrinker(Run, most: 20).Shrink(Result(whole, "a law")).Case);
        Assert.Equal(20, runs);
    }
}
