using System.Diagnostics;
using Asha.Actors.Messages;
using Asha.Actors.Tests.Persistence;
using Asha.Cluster.Coordinators;
using Asha.Cluster.Tests.Harness;
using Xunit.Abstractions;

namespace Asha.Cluster.Tests;

/// <summary>Coordinators find each other in whatever order they are started, and however long after each other.</summary>
public sealed class FoundingTests(ITestOutputHelper print)
{
    [Fact]
    public async Task Fewer_coordinators_than_half_do_not_begin_and_the_next_one_is_enough_without_the_first()
    {
        using var server = new PostgresServer();
        await using var cluster = new ProcessCluster(print, coordinators: 3, journal: server.ConnectionString);
        var third = cluster.StartCoordinator(2);
        await third.SaysAsync("waiting: 1 of 3 coordinators can be reached, 2 have to be there; no answer from", Member.Patience);
        Assert.DoesNotContain("1 of 3 coordinators up", third.Said, StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<Exception>(() => cluster.AskAsync<ExperimentList>(new ListExperiments(), 2, 2));
        var second = cluster.StartCoordinator(1);
        await third.SaysAsync("2 of 3 coordinators up", Member.Patience);
        await second.SaysAsync("2 of 3 coordinators up", Member.Patience);
        Assert.Equal(1, (await cluster.AskUntilAsync<ExperimentList>(new ListExperiments(), 1)).Epoch);
    }

    /// <summary>How many more cases, drawn with the seed that is printed; each takes up to a minute.</summary>
    private static int More => int.Parse(Environment.GetEnvironmentVariable("ASHA_JOIN_CASES") ?? "0", System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public async Task Three_coordinators_become_one_cluster_in_every_order()
    {
        var seed = More == 0 ? 0 : Random.Shared.Next();
        var random = new Random(seed);
        int[][] orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
        List<(int[] Order, double First, double Second)> cases = [([2, 1, 0], 0, 0), ([1, 2, 0], 4, 0), ([0, 2, 1], 0.5, 4)];
        // Each order in turn, with pauses that are often short.
        cases.AddRange(Enumerable.Range(0, More).Select(number => (orders[number % 6], Pause(), Pause())));
        print.WriteLine($"  seed {seed}");
        using var server = new PostgresServer();
        foreach (var three in cases.Chunk(3))
            await Task.WhenAll(three.Select((one, index) => JoinAsync(server, one.Order, one.First, one.Second)));

        double Pause() => random.Next(3) == 0 ? 0 : Math.Round(random.NextDouble() * 25, 1);
    }

    private async Task JoinAsync(PostgresServer server, int[] order, double first, double second)
    {
        await using var cluster = new ProcessCluster(new CurrentOutput(), coordinators: 3, journal: await server.NewDatabaseAsync());
        var begun = Stopwatch.GetTimestamp();
        List<Member> members = [cluster.StartCoordinator(order[0])];
        await Task.Delay(TimeSpan.FromSeconds(first));
        members.Add(cluster.StartCoordinator(order[1]));
        await Task.Delay(TimeSpan.FromSeconds(second));
        members.Add(cluster.StartCoordinator(order[2]));
        var last = Stopwatch.GetTimestamp();
        foreach (var member in members)
            await member.SaysAsync("3 of 3 coordinators up", Member.Patience);
        print.WriteLine($"  {string.Join(", ", order.Select(index => index + 1))} with pauses of {first} and {second} s: all up {Stopwatch.GetElapsedTime(last).TotalSeconds:0.0} s after the last start, {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s after the first; begun anew: {members.Count(member => member.Said.Contains("it joins again", StringComparison.Ordinal))}");
    }
}

/// <summary>Who founds a cluster, and who gives way.</summary>
public sealed class FoundingRuleTests
{
    private static readonly TimeSpan _long = TimeSpan.FromSeconds(10), _short = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData("A", 0, true, true)] // Alone, and nobody else is to come.
    [InlineData("AAA", 0, true, true)] // All are there: the first begins, a moment later.
    [InlineData("AAA", 1, false, false)]
    [InlineData("-AA", 1, false, true)] // A majority without the first: the first of them, after a while.
    [InlineData("-AA", 2, false, false)]
    [InlineData("A--", 0, false, false)] // Too few.
    [InlineData("AJA", 0, false, false)] // Somebody is in a cluster: it is joined.
    [InlineData("A-U", 0, false, false)]
    [InlineData("AA--", 0, false, false)] // Half is not enough.
    [InlineData("-A-AA", 1, false, true)]
    public void The_first_that_answers_begins_once_they_are_a_majority(string seen, int self, bool atOnce, bool later)
    {
        Standing[] standings = [.. seen.Select(letter => letter switch { 'A' => Standing.Alone, 'J' => Standing.Joining, 'U' => Standing.Up, _ => Standing.Silent })];
        var majority = (standings.Length / 2) + 1;
        Assert.Equal((atOnce, later), (FoundingRule.Founds(standings, self, majority, _short), FoundingRule.Founds(standings, self, majority, _long)));
    }

    [Fact]
    public void Of_two_clusters_exactly_one_gives_way()
    {
        Assert.True(FoundingRule.GivesWay(isUp: false, [0, 1], elsewhere: 2));
        // Whatever two halves five coordinators are in: the one with the first of all stays, and in the other somebody sees the first.
        for (var halves = 1; halves < 31; halves++)
        {
            int[] one = [.. Enumerable.Range(0, 5).Where(index => (halves >> index & 1) == 0)], other = [.. Enumerable.Range(0, 5).Except(one)];
            Assert.NotEqual(other.Any(index => FoundingRule.GivesWay(isUp: true, one, index)), one.Any(index => FoundingRule.GivesWay(isUp: true, other, index)));
        }
    }
}
