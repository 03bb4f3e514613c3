using Asha.Core.Scheduling;

namespace Asha.Core.Tests.Scheduling;

/// <summary>What is true of the pool whenever it has decided, told from its rows and the experiments' own books.</summary>
internal static class PoolLaws
{
    public static void Check(PoolUnderTest world)
    {
        var rows = world.Pool.Rows.ToArray();
        foreach (var (name, player) in world.Players)
        {
            Assert.Equal(player.Held, rows.Where(row => row.Holder == name).Select(row => row.Slot));
            Assert.Equal(rows.Count(row => row.Owner == name), world.Pool.OwnedBy(name));
            Assert.Equal(rows.Any(row => !row.Leaves && player.Demand.IsMetBy(row.Capacity)), SlotShortage.Of(player.Demand, rows.Where(row => !row.Leaves).Select(row => row.Capacity)) is null);
            if (MayTake(rows, name, player))
                NothingIsKeptFromIt(world, rows, name, player);
        }
    }

    /// <summary>It would take another slot, and it is within its limit, that on its way to it and that on its way from it included.</summary>
    private static bool MayTake(SlotRow[] rows, string name, PoolUnderTest.Player player)
        => player.Wants && rows.Count(row => row.Owner == name || row.Holder == name) < (player.Terms.MaxConcurrent ?? int.MaxValue);

    private static void NothingIsKeptFromIt(PoolUnderTest world, SlotRow[] rows, string name, PoolUnderTest.Player player)
    {
        var fitting = rows.Where(row => !row.Leaves && player.Takes(row.Slot, row.Capacity)).ToArray();
        Assert.DoesNotContain(fitting, row => row.Holder is null);
        Assert.DoesNotContain(fitting, row => row.IsParked);
        var mine = rows.Count(row => row.Owner == name);
        foreach (var (other, rival) in world.Players.Where(other => other.Key != name && fitting.Any(row => row.Holder == other.Key && row.Owner == other.Key)))
        {
            // It has one that it might give, and nobody has asked for. Its only one it does not give.
            var theirs = rows.Count(row => row.Owner == other);
            if (rows.Count(row => row.Holder == other && row.Owner == other) < 2)
                continue;
            Assert.True(mine > 0, $"{name} has none, {other} has {theirs}");
            Assert.True(rival.Terms.Priority >= player.Terms.Priority, $"{name} is of a higher priority than {other}, which has {theirs}");
            if (rival.Terms.Priority == player.Terms.Priority)
                Assert.True((theirs - 1) * player.Terms.Weight < (mine + 1) * rival.Terms.Weight, $"{name} has {mine} for {player.Terms.Weight}, {other} has {theirs} for {rival.Terms.Weight}");
        }
    }
}
