using Asha.Torture.Campaign;
using Asha.Torture.Faults;
using Asha.Torture.World;

namespace Asha.Torture.Tests;

public sealed class CampaignTests
{
    [Fact]
    public void No_law_is_broken_and_each_kind_of_fault_takes_effect()
    {
        var totals = new TortureCampaign(Enumerable.Range(0, 100).Select(seed => new TortureCase(seed)), jobs: 2).Run(default);
        Assert.True(totals.Broken.Count == 0, totals.Broken is [var broken, ..] ? $"seed {broken.Case.Seed}: {broken.Broken!.Message}" : "");
        Assert.Equal(0, totals.Foreign);
        Assert.Empty(totals.Unexpected);
        // So few seeds need not have a snapshot that is lost, which takes a thousand commits and a crash after them.
        Assert.Empty(totals.WithoutEffect.Except([Fault.SnapshotLost]));
        Assert.All(Enum.GetValues<Fault>(), kind => Assert.True(totals.Faults.Took(kind) <= totals.Faults.Injected(kind), $"{kind}: {totals.Faults.Took(kind)} of {totals.Faults.Injected(kind)}"));
        Assert.All(totals.Evaluated, law => Assert.True(law.Value > 0, law.Key));
        Assert.InRange(totals.FewestEvents, TortureRun.LeastEvents, totals.Events / totals.Seeds);
        Assert.InRange(totals.Events / totals.Seeds, 2000, 2600);
    }

    [Fact]
    public void What_is_taken_away_from_a_case_does_not_happen()
    {
        var all = Enum.GetValues<Fault>();
        for (var seed = 0; seed < 5; seed++)
        {
            var result = TortureRun.Of(new TortureCase(seed) { Without = all });
            Assert.Null(result.Broken);
            Assert.Equal(0, result.Faults.AllInjected);
            var small = TortureRun.Of(new TortureCase(seed) { Nodes = 1, Trials = 5 });
            Assert.Null(small.Broken);
            Assert.InRange(small.Events, 1, result.Events);
        }
    }

    [Fact]
    public void Whoever_takes_kinds_away_has_the_same_experiment()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var (all, none) = (PlanDraw.Of(new TortureCase(seed)), PlanDraw.Of(new TortureCase(seed) { Without = Enum.GetValues<Fault>() }));
            Assert.Equal(all.Spec.ToString(), none.Spec.ToString());
            Assert.Equal((all.Fire, all.Trials, all.Nodes.Sum()), (none.Fire, none.Trials, none.Nodes.Sum()));
        }
    }

    [Fact]
    public void Without_a_fire_only_trials_have_faults()
    {
        for (var seed = 0; seed < 5; seed++)
        {
            var result = TortureRun.Of(new TortureCase(seed) { Fire = 0 });
            Assert.All(Enum.GetValues<Fault>().Where(kind => kind is not Fault.MailboxOrder && !kind.ToString().StartsWith("Trial", StringComparison.Ordinal)), kind => Assert.Equal(0, result.Faults.Injected(kind)));
        }
    }

    [Fact]
    public void A_run_in_words_is_the_same_run()
    {
        var lines = 0;
        Assert.Equal(TortureRun.Of(new TortureCase(7)).Hash, TortureRun.Of(new TortureCase(7), _ => lines++).Hash);
        Assert.True(lines > 1000);
    }

    [Fact]
    public void A_seed_has_events_enough_in_as_many_experiments_as_that_takes()
    {
        for (var seed = 0; seed < 12; seed++)
        {
            var whole = TortureRun.Of(new TortureCase(seed));
            Assert.True(whole.Events >= TortureRun.LeastEvents, $"seed {seed}: {whole.Events}");
            TortureResult[] alone = [.. Enumerable.Range(1, whole.Outcomes.Count).Select(number => TortureRun.Of(new TortureCase(seed) { Experiment = number }))];
            Assert.Equal((whole.Events, whole.Messages, whole.Length), (alone.Sum(one => one.Events), alone.Sum(one => one.Messages), new TimeSpan(alone.Sum(one => one.Length.Ticks))));
            Assert.Equal(whole.Outcomes, alone.SelectMany(one => one.Outcomes));
            Assert.True(alone.SkipLast(1).Sum(one => one.Events) < TortureRun.LeastEvents);
            Assert.Equal(alone.Length, alone.Select(one => one.Hash).Distinct().Count());
        }
    }

    [Fact]
    public void A_kind_of_fault_that_shows_with_none_of_many_whole_seeds_breaks_a_law()
    {
        var faults = new FaultCounts();
        foreach (var kind in Enum.GetValues<Fault>().Except([Fault.NodeCrash, Fault.Dropped]))
            faults.Take(kind);
        IReadOnlyList<Fault> Silent(TortureCase model, int seeds) => EffectLaw.Broken(model, Totals(model, seeds));
        string? Why(TortureCase model, int seeds) => EffectLaw.WhyNotJudged(model, Totals(model, seeds));
        CampaignTotals Totals(TortureCase model, int seeds) => new TortureCampaign(Enumerable.Range(0, seeds).Select(seed => model with { Seed = seed }), jobs: 1, play: one => ShrinkerTests.Result(one, law: null) with { Faults = faults }).Run(default);
        Assert.Equal([Fault.Dropped, Fault.NodeCrash], Silent(new TortureCase(0), 1000).Order());
        Assert.Equal([Fault.Dropped], Silent(new TortureCase(0) { Without = [Fault.NodeCrash] }, 1000));
        Assert.Null(Why(new TortureCase(0), 1000));
        Assert.Contains("from 1,000 seeds on", Why(new TortureCase(0), 999));
        Assert.Empty(Silent(new TortureCase(0), 999));
        foreach (var small in (TortureCase[])[new(0) { Fire = 0 }, new(0) { Trials = 2 }, new(0) { Nodes = 1 }, new(0) { Experiment = 1 }])
        {
            Assert.Empty(Silent(small, 1000));
            Assert.Contains("of whole seeds alone", Why(small, 1000));
        }
    }

    [Fact]
    public void One_that_is_ended_at_once_has_something_to_tell()
        => Assert.Equal(1, new TortureCampaign([new TortureCase(0) { Trials = 1 }, new TortureCase(1) { Trials = 1 }], jobs: 1).Run(new CancellationToken(canceled: true)).Seeds);

    [Fact]
    public void A_mistake_of_the_torture_itself_is_told_with_its_seed()
    {
        var campaign = new TortureCampaign([new TortureCase(4)], jobs: 2, play: _ => throw new KeyNotFoundException("no such book"));
        var told = Assert.Throws<InvalidOperationException>(() => campaign.Run(default)).Message;
        Assert.Contains("seed 4", told);
        Assert.Contains("no such book", told);
    }

    [Fact]
    public void A_case_that_does_not_come_to_its_end_is_named_and_what_was_seen_beside_it_is_told()
    {
        using var isOver = new ManualResetEventSlim();
        var told = new List<long>();
        var campaign = new TortureCampaign(Enumerable.Range(0, 1000).Select(seed => new TortureCase(seed) { Trials = 1 }), jobs: 2, result => told.Add(result.Case.Seed), one =>
        {
            if (one.Seed == 2)
                isOver.Wait(); // A turn that never ends.
            return TortureRun.Of(one);
        }, TimeSpan.FromSeconds(3));
        var totals = campaign.Run(default);
        Assert.Equal(2, campaign.Hung?.Seed);
        Assert.DoesNotContain(2, told);
        Assert.Equal(told.Count, totals.Seeds);
        Assert.Equal(Enumerable.Range(0, told.Count + 1).Select(seed => (long)seed), told.Append(2).Order());
        Assert.InRange(told.Count, 3, 999);
        var until = totals.Seeds;
        isOver.Set();
        Thread.Sleep(200);
        Assert.Equal(until, totals.Seeds);
    }
}
