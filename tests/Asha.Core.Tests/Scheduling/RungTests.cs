using Asha.Core.Experiments;
using Asha.Core.Scheduling;
using CsCheck;

namespace Asha.Core.Tests.Scheduling;

/// <summary>A rung against a list that is sorted for every question.</summary>
public class RungTests
{
    /// <summary>Few different values, so that most tie; both zeros, which are equal; the extremes; and what is not finite.</summary>
    private static readonly Gen<double> Metric = Gen.Frequency(
        (6, Gen.Int[-3, 3].Select(value => value / 4.0)),
        (2, Gen.Double[-1, 1]),
        (1, Gen.OneOfConst(0.0, -0.0, double.Epsilon, double.MaxValue, double.MinValue)),
        (2, Gen.OneOfConst(double.NaN, double.PositiveInfinity, double.NegativeInfinity)));

    private static readonly Gen<MetricMode> Mode = Gen.OneOfConst(MetricMode.Min, MetricMode.Max);

    /// <summary>Trials 0 … n − 1 with their metrics, in the order in which they arrive.</summary>
    private static Gen<(int Trial, double Metric)[]> Arrivals(int most)
        => Metric.Array[1, most].SelectMany(metrics => Gen.Shuffle(metrics.Select((metric, trial) => (trial, metric)).ToArray()));

    [Fact]
    public void Whatever_the_order_of_results_the_asynchronous_rung_is_that_of_a_sorted_list()
        => Gen.Select(Arrivals(120), Gen.Int[2, 5], Mode, Gen.Bool, Gen.Int[0, 40], Gen.Int[1, 4]).Sample((arrivals, factor, mode, limited, more, eagerness) =>
        {
            int? population = limited ? arrivals.Length + more : null;
            var turn = new MetricSpec("m", mode);
            var (rung, naive) = (new Rung(RungRule.Asynchronous, factor), new NaiveRung(RungRule.Asynchronous, factor));
            var released = new List<int>();
            foreach (var (trial, metric) in arrivals)
            {
                rung.Insert(trial, turn.Turned(metric), population, released);
                naive.Insert(trial, turn.Turned(metric));
                // A slot asks now and then, and may take more than one.
                for (var ask = trial % eagerness; ask > 0; ask--)
                    PromoteBoth(rung, naive, population);
                Same(rung, naive, population, released);
            }
            while (PromoteBoth(rung, naive, population))
            {
            }
            Same(rung, naive, population, released);
        }, iter: 200);

    [Fact]
    public void Whatever_the_order_of_results_the_synchronous_rung_promotes_the_same_in_rank_order()
        => Gen.Select(Arrivals(200), Gen.Int[2, 5], Mode).Sample((arrivals, factor, mode) =>
        {
            var turn = new MetricSpec("m", mode);
            var (rung, naive) = (new Rung(RungRule.Synchronous, factor), new NaiveRung(RungRule.Synchronous, factor));
            var released = new List<int>();
            foreach (var (trial, metric) in arrivals)
            {
                Assert.Null(rung.Head(arrivals.Length)); // Not before all are there.
                rung.Insert(trial, turn.Turned(metric), arrivals.Length, released);
                naive.Insert(trial, turn.Turned(metric));
            }
            Same(rung, naive, arrivals.Length, released);
            var expected = naive.Ranking.Take(arrivals.Length / factor).Where(result => double.IsFinite(result.Metric)).Select(result => result.Trial).ToArray();
            var promoted = new List<int>();
            while (rung.Head(arrivals.Length) is not null)
                promoted.Add(rung.Promote(arrivals.Length).Trial);
            Assert.Equal(expected, promoted);
            Assert.Throws<InvalidOperationException>(() => rung.Promote(arrivals.Length));
        }, iter: 300);

    [Fact]
    public void The_top_rung_promotes_none_and_keeps_its_best()
        => Gen.Select(Arrivals(100), Gen.Int[2, 5]).Sample((arrivals, factor) =>
        {
            var (rung, naive) = (new Rung(RungRule.Top, factor), new NaiveRung(RungRule.Top, factor));
            var released = new List<int>();
            foreach (var (trial, metric) in arrivals)
            {
                rung.Insert(trial, metric, null, released);
                naive.Insert(trial, metric);
                Assert.Null(rung.Head(null));
            }
            Same(rung, naive, null, released);
        }, iter: 200);

    [Theory]
    [InlineData("up")]
    [InlineData("down")]
    [InlineData("random")]
    [InlineData("plateau")]
    [InlineData("organ pipes")]
    public void Five_thousand_results_split_nodes_on_every_level(string order)
    {
        const int count = 5000;
        var random = new Random(5);
        double MetricOf(int trial) => order switch
        {
            "up" => trial,
            "down" => -trial,
            "plateau" => 1,
            "organ pipes" => Math.Abs(trial - count / 2),
            _ => random.Next(count / 3),
        };
        var (rung, naive) = (new Rung(RungRule.Asynchronous, 4), new NaiveRung(RungRule.Asynchronous, 4));
        var released = new List<int>();
        var trials = Enumerable.Range(0, count).ToArray();
        if (order == "plateau")
            random.Shuffle(trials);
        foreach (var trial in trials)
        {
            var metric = MetricOf(trial);
            rung.Insert(trial, metric, count, released);
            naive.Insert(trial, metric);
            if (naive.Results % 500 == 0)
            {
                while (naive.Results % 1000 == 0 && PromoteBoth(rung, naive, count))
                {
                }
                Same(rung, naive, count, released);
            }
        }
    }

    private static bool PromoteBoth(Rung rung, NaiveRung naive, int? population)
    {
        if (naive.Head(population) is not { } head)
            return false;
        Assert.Equal(head.Trial, rung.Promote(population).Trial);
        naive.Promote(head.Trial);
        return true;
    }

    private static void Same(Rung rung, NaiveRung naive, int? population, List<int> released)
    {
        var ranking = naive.Ranking;
        Assert.Equal(naive.Results, rung.Results);
        Assert.Equal(
            ranking.Select(result => (result.Trial, double.IsFinite(result.Metric) ? result.Metric : double.NaN, naive.IsPromoted(result.Trial))),
            rung.Ranking());
        var (head, expected) = (rung.Head(population), naive.Head(population));
        Assert.Equal(expected?.Trial, head?.Trial);
        if (head is not null)
        {
            Assert.Equal((expected!.Value.Rank, naive.Results, naive.Candidates(population)), (head.Rank, head.Results, head.Candidates));
            Assert.Equal(ranking[head.Rank - 1].Metric, head.Metric);
            if (double.IsFinite(expected.Value.CutOff))
                Assert.Equal(expected.Value.CutOff, head.CutOff);
            else
                Assert.False(double.IsFinite(head.CutOff));
        }
        Assert.All(ranking.Index(), entry => Assert.Equal((entry.Index + 1, naive.Results, naive.Candidates(population)), Place(entry.Item)));
        // Exactly the hopeless are given up, each once: so a released trial is never promoted, and nothing is kept for nothing.
        Assert.Equal(naive.Hopeless(population).Order(), released.Order());

        (int, int, int) Place((int Trial, double Metric) result) => rung.PlaceOf(result.Trial, result.Metric, population) is var place ? (place.Rank, place.Results, place.Candidates) : default;
    }
}
