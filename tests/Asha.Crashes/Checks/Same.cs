namespace Asha.Crashes.Checks;

/// <summary>What must be as in a run that nobody disturbed.</summary>
internal static class Same
{
    /// <param name="events">Of the disturbed run.</param>
    /// <param name="undisturbed">Of the other.</param>
    /// <param name="isBarrier">SHA: who is promoted depends on results alone. With ASHA it depends on when they come, so the configurations and the metrics are compared.</param>
    public static IEnumerable<string> Check(IReadOnlyList<Happened> events, IReadOnlyList<Happened> undisturbed, bool isBarrier)
    {
        foreach (var difference in Differences("configuration", Configurations(events), Configurations(undisturbed)))
            yield return difference;
        var metrics = new Dictionary<(int, double), string>();
        foreach (var report in events.Concat(undisturbed).Where(happened => happened.Kind == "report-accepted"))
        {
            var metric = Bits(report.Metric);
            if (!metrics.TryAdd((report.Trial, report.Resource), metric) && metrics[(report.Trial, report.Resource)] != metric)
                yield return $"same: line {report.Line}: trial {report.Trial} has another metric at {report.Resource} than before, or than undisturbed";
        }
        foreach (var difference in Differences("result of rung 0", Results(events, rung: 0), Results(undisturbed, rung: 0)))
            yield return difference;
        if (!isBarrier)
            yield break;
        foreach (var difference in Differences("result", Results(events), Results(undisturbed)).Concat(Differences("promotion", Promotions(events), Promotions(undisturbed))))
            yield return difference;
        if (Best(events) != Best(undisturbed))
            yield return $"same: the best is {Best(events)}, and undisturbed {Best(undisturbed)}";
    }

    private static Dictionary<string, string> Configurations(IReadOnlyList<Happened> events)
        => events.Where(happened => happened.Kind == "trial-sampled").ToDictionary(happened => $"trial {happened.Trial}", happened => happened.Json.GetProperty("parameters").GetRawText());

    /// <summary>First ones: that there are no others is checked elsewhere.</summary>
    private static Dictionary<string, string> Results(IReadOnlyList<Happened> events, int? rung = null)
        => events.Where(happened => happened.Kind == "job-completed" && (rung is null || happened.Rung == rung)).GroupBy(happened => $"trial {happened.Trial}, rung {happened.Rung}")
            .ToDictionary(group => group.Key, group => $"{Bits(group.First().Metric)} at {group.First().Resource}");

    private static Dictionary<string, string> Promotions(IReadOnlyList<Happened> events)
        => events.Where(happened => happened.Kind == "trial-promoted").GroupBy(happened => $"trial {happened.Trial}, rung {happened.Rung}")
            .ToDictionary(group => group.Key, group => $"{Bits(group.First().Metric)}, rank {group.First().Int("rank")} of {group.First().Int("results")}");

    private static (int Trial, string Metric) Best(IReadOnlyList<Happened> events)
        => events.Where(happened => happened.Kind == "job-completed").OrderByDescending(happened => happened.Rung).ThenBy(happened => happened.Metric).ThenBy(happened => happened.Trial)
            .Select(happened => (happened.Trial, Bits(happened.Metric))).FirstOrDefault();

    private static IEnumerable<string> Differences(string what, Dictionary<string, string> one, Dictionary<string, string> other)
        => one.Keys.Union(other.Keys).Where(key => one.GetValueOrDefault(key) != other.GetValueOrDefault(key))
            .Select(key => $"same: the {what} of {key} is {one.GetValueOrDefault(key) ?? "none"}, and undisturbed {other.GetValueOrDefault(key) ?? "none"}").Take(5);

    private static string Bits(double value) => BitConverter.DoubleToInt64Bits(value).ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
}
