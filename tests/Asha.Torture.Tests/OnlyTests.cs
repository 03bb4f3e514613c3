using Asha.Torture.Campaign;
using Asha.Torture.Faults;
using Asha.Torture.World;

namespace Asha.Torture.Tests;

/// <summary>Kinds of faults that need each other, alone in the world: they are done, and show.</summary>
public sealed class OnlyTests
{
    private static FaultCounts Only(int seeds, params Fault[] kinds)
    {
        var totals = new TortureCampaign(Enumerable.Range(0, seeds).Select(seed => new TortureCase(seed) { Experiment = 1, Without = [.. Enum.GetValues<Fault>().Except(kinds)] }), jobs: 2).Run(default);
        Assert.True(totals.Broken.Count == 0, totals.Broken is [var broken, ..] ? $"seed {broken.Case.Seed}: {broken.Broken!.Message}" : "");
        return totals.Faults;
    }

    [Fact]
    public void Nodes_that_outlive_their_coordinator_join_the_next_one()
    {
        var counts = Only(40, Fault.CoordinatorCrash, Fault.NodeOutlives);
        Assert.InRange(counts.Injected(Fault.NodeOutlives), 20, 10_000);
        // What is lost with the next coordinator, or is told of it when the run is over, does not show.
        Assert.InRange(counts.Took(Fault.NodeOutlives), counts.Injected(Fault.NodeOutlives) / 2, counts.Injected(Fault.NodeOutlives));
    }

    [Fact]
    public void Users_lose_patience_and_trials_outstay_the_time_that_they_have()
    {
        var counts = Only(60, Fault.UserInterrupts, Fault.UserInsists, Fault.TrialOutstays);
        Assert.InRange(counts.Took(Fault.UserInsists), 1, counts.Injected(Fault.UserInsists));
        Assert.InRange(counts.Took(Fault.TrialOutstays), 1, counts.Injected(Fault.TrialOutstays));
    }

    [Fact]
    public void Users_cancel_once()
    {
        var counts = Only(60, Fault.UserCancels);
        Assert.InRange(counts.Injected(Fault.UserCancels), 1, 30);
        Assert.Equal(counts.Injected(Fault.UserCancels), counts.Took(Fault.UserCancels));
    }
}
