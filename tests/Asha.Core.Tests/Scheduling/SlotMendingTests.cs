using Asha.Core.Scheduling;
using CsCheck;

namespace Asha.Core.Tests.Scheduling;

/// <summary>Messages between an experiment and the pool that get lost, and are found out by the two books.</summary>
public class SlotMendingTests
{
    private static SlotPool Pool(int slots = 3)
    {
        var pool = new SlotPool();
        pool.Join(slots);
        pool.Open("one", 1);
        Assert.Equal(slots, pool.Balance().Count);
        return pool;
    }

    private static SlotReport Report(long heard, params int[] held) => new(held, [], true, heard);

    private static IEnumerable<(PoolAction, string, int)> Mended(SlotPool pool, IReadOnlyList<(int, SlotMend)> mends)
    {
        pool.Mend("one", mends);
        return pool.Balance().Select(decision => (decision.Action, decision.Experiment, decision.Slot));
    }

    [Fact]
    public void What_is_under_way_is_no_difference()
    {
        var pool = Pool();
        Assert.Empty(pool.Compare("one", Report(heard: 0), told: 1, toldBefore: 0));
        Assert.Empty(pool.Compare("one", Report(heard: 1, 0, 1, 2), told: 1, toldBefore: 1));
        Assert.Empty(pool.Compare("nobody", Report(heard: 1, 0), told: 1, toldBefore: 1));
    }

    [Fact]
    public void A_lost_grant_is_granted_again()
    {
        var pool = Pool();
        var mends = pool.Compare("one", Report(heard: 0), told: 1, toldBefore: 1);
        Assert.Equal([(0, SlotMend.Grant), (1, SlotMend.Grant), (2, SlotMend.Grant)], mends);
        pool.Mend("one", mends);
        Assert.Equal([4L, 5, 6], pool.Balance().Select(decision => decision.Grant));
    }

    [Fact]
    public void A_lost_recall_is_said_again()
    {
        var pool = Pool();
        pool.Open("other", 1);
        Assert.Equal(PoolAction.Recall, Assert.Single(pool.Balance()).Action);
        Assert.Empty(pool.Compare("one", Report(heard: 2, 0, 1, 2), told: 2, toldBefore: 2));
        Assert.Equal([(PoolAction.Recall, "one", 2)], Mended(pool, pool.Compare("one", Report(heard: 1, 0, 1, 2), told: 2, toldBefore: 2)));
    }

    [Fact]
    public void A_lost_return_is_taken_for_done()
    {
        var pool = Pool();
        pool.Open("other", 1);
        pool.Balance();
        Assert.Equal([(PoolAction.Grant, "other", 2)], Mended(pool, pool.Compare("one", Report(heard: 2, 0, 1), told: 2, toldBefore: 2)));
    }

    /// <summary>It returned another slot than the one that was recalled, and keeps that.</summary>
    [Fact]
    public void A_lost_return_in_place_of_another_is_found_too()
    {
        var pool = Pool();
        pool.Open("other", 1);
        pool.Balance();
        // By its book it holds 1 and 2 and is to return none; by the pool's 0, 1 and 2, the last of them recalled.
        Assert.Equal([(PoolAction.Keep, "one", 2), (PoolAction.Grant, "other", 0)], Mended(pool, pool.Compare("one", Report(heard: 2, 1, 2), told: 2, toldBefore: 2)).OrderBy(told => told.Item2));
    }

    [Fact]
    public void A_slot_that_was_lost_without_a_word_is_lost()
    {
        var pool = Pool();
        pool.Lose(1, 1);
        Assert.Equal([(1, SlotMend.Deny)], pool.Compare("one", Report(heard: 1, 0, 1, 2), told: 2, toldBefore: 2));
        pool.Close("one");
        pool.Open("other", 1);
        pool.Balance();
        pool.Open("one", 1);
        pool.Balance();
        var mends = pool.Compare("one", Report(heard: 2, 0), told: 2, toldBefore: 2);
        Assert.Equal([(0, SlotMend.Deny)], mends);
        Assert.Contains((PoolAction.Lost, "one", 0), Mended(pool, mends));
    }

    [Fact]
    public void What_was_parked_or_wanted_in_vain_is_known_by_the_next_report()
    {
        var pool = Pool();
        pool.Open("other", 1);
        pool.Balance();
        pool.Report("one", new SlotReport([0, 1, 2], [0, 1], false, 2));
        // Both are idle and asked for; so the one that runs a job may be kept.
        Assert.Equal([(PoolAction.Recall, 0), (PoolAction.Recall, 1), (PoolAction.Keep, 2)], pool.Balance().Select(decision => (decision.Action, decision.Slot)).OrderBy(told => told.Slot));
    }

    [Fact]
    public void Every_case_is_decided()
    {
        foreach (var (standing, isHeld, isHeard) in from standing in Enum.GetValues<SlotStanding>() from isHeld in new[] { false, true } from isHeard in new[] { false, true } select (standing, isHeld, isHeard))
        {
            var agrees = isHeld ? standing is SlotStanding.Kept || (standing is SlotStanding.Recalled && isHeard) : standing is SlotStanding.Absent or SlotStanding.Another or SlotStanding.Free;
            Assert.Equal(agrees, SlotMending.Of(standing, isHeld, isHeard) == SlotMend.None);
        }
    }

    /// <summary>Whatever the two books say, after one mending that is heard they are one, and no two experiments hold a slot.</summary>
    [Fact]
    public void Mended_books_agree()
        => Gen.Select(Gen.Int[0, 7].Array[0, 8], Gen.Int[0, 7].Array[0, 8], Gen.Bool).Sample((mine, theirs, isHeard) =>
        {
            var pool = new SlotPool();
            pool.Join(6);
            pool.Open("one", 1);
            pool.Balance();
            pool.Open("other", 1);
            pool.Balance();
            foreach (var slot in theirs)
                pool.Return("one", slot);
            pool.Balance();
            var held = mine.ToHashSet();
            pool.Report("one", new SlotReport(held, [], true, 1));
            pool.Mend("one", pool.Compare("one", new SlotReport(held, [], true, isHeard ? 2 : 0), told: 2, toldBefore: 2));
            for (var round = 0; round < 2; round++)
            {
                foreach (var decision in pool.Balance().Where(decision => decision.Experiment == "one"))
                {
                    if (decision.Action == PoolAction.Grant)
                        held.Add(decision.Slot);
                    else if (decision.Action == PoolAction.Lost)
                        held.Remove(decision.Slot);
                }
            }
            Assert.Equal(pool.Rows.Where(row => row.Holder == "one").Select(row => row.Slot), held.Order());
            Assert.Empty(pool.Compare("one", new SlotReport(held, [], true, 9), told: 9, toldBefore: 9));
        }, iter: 2000);
}
