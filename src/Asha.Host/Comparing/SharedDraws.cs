using Asha.Core.Spaces;

namespace Asha.Host.Comparing;

/// <summary>An attempt that several runs of a seed made, and what chance gave to it.</summary>
/// <param name="Runs">Which, by the numbers of the schedulers, lowest first.</param>
internal sealed record SharedDraw(long Seed, AttemptKey Key, DrawnAttempt Drawn, Configuration Configuration, IReadOnlyList<int> Runs);

/// <summary>The draws that runs of one seed have in common. Schedulers are comparable on them alone where these are equal; that one is not is a mistake of ours.</summary>
/// <param name="Shared">How many attempts are in more than one run.</param>
/// <param name="Differences">What is not equal, in words.</param>
/// <param name="List">The first of them, by trial, rung and attempt.</param>
internal sealed record SharedDraws(int Shared, IReadOnlyList<string> Differences, IReadOnlyList<SharedDraw> List)
{
    /// <param name="seed">The runs' seed.</param>
    /// <param name="labels">What the schedulers are called.</param>
    /// <param name="runs">What chance gave to each.</param>
    /// <param name="most">How many of them to list.</param>
    public static SharedDraws Of(long seed, IReadOnlyList<string> labels, IReadOnlyList<DrawLog> runs, int most)
    {
        var (list, differences, shared) = (new List<SharedDraw>(), new List<string>(), 0);
        var keys = runs.SelectMany(run => run.Attempts.Keys).GroupBy(key => key, (key, all) => (Key: key, Count: all.Count())).Where(key => key.Count > 1).Select(key => key.Key).Order();
        foreach (var key in keys)
        {
            shared++;
            var own = Enumerable.Range(0, runs.Count).Where(run => runs[run].Attempts.ContainsKey(key)).ToList();
            var first = own[0];
            foreach (var other in own.Skip(1))
            {
                var (one, two) = (runs[first].Attempts[key], runs[other].Attempts[key]);
                if (!one.Draw.Equals(two.Draw))
                    differences.Add($"seed {seed}, {key}: {labels[first]} drew {one.Draw}, {labels[other]} {two.Draw}");
                if (!runs[first].Configurations[key.Trial].Means(runs[other].Configurations[key.Trial]))
                    differences.Add($"seed {seed}, {key}: {labels[first]} has {runs[first].Configurations[key.Trial]}, {labels[other]} {runs[other].Configurations[key.Trial]}");
            }
            // An attempt that was cut has no metric, and at another resource there is another one; the others must agree, NaN with NaN.
            foreach (var alike in own.Where(run => runs[run].Attempts[key].Metric is not null).GroupBy(run => runs[run].Attempts[key].Target))
            {
                var metric = runs[alike.First()].Attempts[key].Metric!.Value;
                differences.AddRange(alike.Where(other => !metric.Equals(runs[other].Attempts[key].Metric)).Select(other => $"seed {seed}, {key}: {labels[alike.First()]} has the metric {metric:R}, {labels[other]} {runs[other].Attempts[key].Metric:R}"));
            }
            if (list.Count < most)
                list.Add(new SharedDraw(seed, key, own.Select(run => runs[run].Attempts[key]).OrderBy(drawn => drawn.Metric is null).First(), runs[first].Configurations[key.Trial], own));
        }
        return new SharedDraws(shared, differences, list);
    }
}
