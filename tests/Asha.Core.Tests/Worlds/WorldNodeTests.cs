using Asha.Core.Worlds;

namespace Asha.Core.Tests.Worlds;

/// <summary>When a node is there, and how fast it is.</summary>
public sealed class WorldNodeTests
{
    private static TimeSpan S(double seconds) => TimeSpan.FromSeconds(seconds);

    private static string Told(WorldNode node, int most = 100, int number = 0) => string.Join(' ', node.Changes(7, number).Take(most).Select(change => $"{change.Kind}@{change.Time.TotalSeconds}"));

    [Fact]
    public void A_node_does_what_it_is_told()
    {
        Assert.Equal("Joins@0", Told(new WorldNode(1)));
        Assert.Equal("Joins@60 Leaves@90", Told(new WorldNode(1) { Joins = S(60), Leaves = S(90) }));
        Assert.Equal("Joins@0 Dies@90 Removed@120", Told(new WorldNode(1) { Dies = S(90), RemovedAfter = S(30) }));
        Assert.Equal("Joins@0 Leaves@80 Dies@90 Removed@90", Told(new WorldNode(1) { Leaves = S(80), Dies = S(90) }));
        // It is dead before it would leave.
        Assert.Equal("Joins@0 Dies@80 Removed@80", Told(new WorldNode(1) { Leaves = S(90), Dies = S(80) }));
    }

    [Fact]
    public void One_that_fails_comes_back_after_its_repair_until_it_leaves_or_dies()
    {
        var fails = new WorldNode(1) { Failures = new NodeFailures(S(100), S(20)), RemovedAfter = S(5) };
        var changes = fails.Changes(7, 3).Take(3001).ToArray();
        Assert.Equal(Enumerable.Range(0, 3001).Select(index => (NodeChangeKind)(index % 3 == 0 ? 0 : index % 3 + 1)), changes.Select(change => change.Kind));
        Assert.All(Enumerable.Range(0, 1000), life => Assert.Equal((S(5), S(20)), (changes[3 * life + 2].Time - changes[3 * life + 1].Time, changes[3 * life + 3].Time - changes[3 * life + 1].Time)));
        // Repaired before it was given up: then it is given up.
        Assert.All((fails with { RemovedAfter = S(50) }).Changes(7, 3).Take(300).Chunk(3), life => Assert.Equal(S(20), life[2].Time - life[1].Time));
        var (first, second) = (changes[1].Time, changes[4].Time);
        Assert.Equal($"Joins@0 Dies@{first.TotalSeconds} Removed@{(first + S(5)).TotalSeconds}", Told(fails with { Leaves = first + S(3) }, number: 3));
        Assert.EndsWith($"Leaves@{(second - S(1)).TotalSeconds} Dies@{second.TotalSeconds} Removed@{(second + S(5)).TotalSeconds}", Told(fails with { Leaves = second - S(1) }, number: 3));
        Assert.EndsWith($"Dies@{(second - S(1)).TotalSeconds} Removed@{(second + S(4)).TotalSeconds}", Told(fails with { Dies = second - S(1) }, number: 3));
    }

    [Fact]
    public void Times_between_failures_are_exponential_and_each_nodes_own()
    {
        const int Draws = 100_000;
        var fails = new WorldNode(1) { Failures = new NodeFailures(S(100), S(20)) };
        // Of each node the first: mean and standard deviation are 100 s; P(> 100 s) = 1/e.
        var lives = Enumerable.Range(0, Draws).Select(number => fails.Changes(7, number).ElementAt(1).Time.TotalSeconds).ToArray();
        Assert.InRange(lives.Average(), 100 - 5 * 100 / Math.Sqrt(Draws), 100 + 5 * 100 / Math.Sqrt(Draws));
        var (longer, error) = (lives.Count(life => life > 100) / (double)Draws, Math.Sqrt(1 / Math.E * (1 - 1 / Math.E) / Draws));
        Assert.InRange(longer, 1 / Math.E - 5 * error, 1 / Math.E + 5 * error);
        // Of one node one after the other.
        var own = fails.Changes(7, 0).Take(3 * Draws).Chunk(3).Select(life => (life[1].Time - life[0].Time).TotalSeconds).ToArray();
        Assert.InRange(own.Average(), 100 - 5 * 100 / Math.Sqrt(Draws), 100 + 5 * 100 / Math.Sqrt(Draws));
        Assert.NotEqual(fails.Changes(7, 0).ElementAt(1), fails.Changes(8, 0).ElementAt(1));
    }

    [Fact]
    public void A_job_takes_its_slowdown_over_its_speed()
    {
        var node = new WorldNode(1) { Speed = 3, Slow = new Slowdown(S(100), 6) };
        Assert.Equal((1m / 3, 2m, 2m), (node.Pace(S(99.9999999)), node.Pace(S(100)), node.Pace(S(1000))));
        // A third of 9 s is 3 s to the tick.
        Assert.Equal(S(3), WorldRules.Of(new AttemptDraw(1, double.PositiveInfinity), 9, node.Pace(S(0))).Length);
    }
}
