using Asha.Core.Scheduling;

namespace Asha.Benchmarks;

/// <summary>
/// What is measured: a rung that is filled with results in random order, and after each is asked whom it would promote, and promotes it. One such round is a decision.
/// </summary>
public static class RungWork
{
    public const int ReductionFactor = 4;

    /// <summary>Metrics in the order of their arrival: 0 … n − 1, shuffled.</summary>
    public static double[] Metrics(int results, int seed = 1)
    {
        var metrics = Enumerable.Range(0, results).Select(value => value / (double)results).ToArray();
#pragma warning disable CA5394 // No secret is made here.
        new Random(seed).Shuffle(metrics);
#pragma warning restore CA5394
        return metrics;
    }

    /// <summary>Reports results <paramref name="from"/> … <paramref name="to"/> − 1 and returns how many were promoted, with a sum over all heads so that nothing can be left out.</summary>
    public static (int Promoted, long Checksum) Decide(Rung rung, double[] metrics, int from, int to, ICollection<int> released)
    {
        var (promoted, checksum) = (0, 0L);
        for (var trial = from; trial < to; trial++)
        {
            rung.Insert(trial, metrics[trial], null, released);
            if (rung.Head(null) is { } head)
            {
                rung.Promote(null);
                promoted++;
                checksum += head.Trial + (long)head.Rank;
            }
        }
        return (promoted, checksum);
    }
}
