namespace Asha.Crashes.Checks;

/// <summary>Nothing is counted twice, nothing is made up, and no job runs again once it has its result.</summary>
internal static class Counted
{
    public static IEnumerable<string> Check(IReadOnlyList<Happened> events, IReadOnlyList<TrialLine> lines)
        => [.. Once(events), .. Reports(events, lines), .. NotAgain(events, lines)];

    private static IEnumerable<string> Once(IReadOnlyList<Happened> events)
    {
        var sampled = events.Where(happened => happened.Kind == "trial-sampled").Select(happened => happened.Trial).ToList();
        if (!sampled.SequenceEqual(Enumerable.Range(0, sampled.Count)))
            yield return "twice: trials are not sampled once each, in order";
        foreach (var kind in new[] { "job-completed", "trial-promoted" })
        {
            foreach (var again in events.Where(happened => happened.Kind == kind).GroupBy(happened => (happened.Trial, happened.Rung)).Where(group => group.Count() > 1))
                yield return $"twice: {kind} of trial {again.Key.Trial} in rung {again.Key.Rung}, lines {string.Join(", ", again.Select(happened => happened.Line))}";
        }
    }

    private static IEnumerable<string> Reports(IReadOnlyList<Happened> events, IReadOnlyList<TrialLine> lines)
    {
        var printed = lines.Where(line => line.Kind == "report").ToLookup(line => (line.Trial, line.Attempt, (double)line.Resource), line => double.Parse(line.Words[1], System.Globalization.CultureInfo.InvariantCulture));
        var last = new Dictionary<(int, int), double>();
        foreach (var report in events.Where(happened => happened.Kind == "report-accepted"))
        {
            var attempt = (report.Trial, report.Attempt);
            if (report.Resource <= last.GetValueOrDefault(attempt))
                yield return $"twice: line {report.Line}: trial {report.Trial}'s report at {report.Resource} does not rise";
            last[attempt] = report.Resource;
            if (!printed[(report.Trial, report.Attempt, report.Resource)].Any(metric => BitConverter.DoubleToInt64Bits(metric) == BitConverter.DoubleToInt64Bits(report.Metric)))
                yield return $"made up: line {report.Line}: attempt {report.Attempt} of trial {report.Trial} never printed {report.Metric} at {report.Resource}";
        }
        foreach (var rejected in events.Where(happened => happened.Kind == "report-rejected"))
            yield return $"made up: line {rejected.Line}: a report of trial {rejected.Trial} was rejected: {rejected.Text("reason")}";
    }

    private static IEnumerable<string> NotAgain(IReadOnlyList<Happened> events, IReadOnlyList<TrialLine> lines)
    {
        var done = new Dictionary<int, (int Rung, int Attempt, double Resource)>();
        foreach (var happened in events)
        {
            if (happened.Kind == "job-started" && done.TryGetValue(happened.Trial, out var before) && happened.Rung <= before.Rung)
                yield return $"again: line {happened.Line}: trial {happened.Trial} starts for rung {happened.Rung}, where it has its result";
            if (happened.Kind == "job-completed")
                done[happened.Trial] = (happened.Rung, happened.Attempt, happened.Resource);
        }
        foreach (var completed in events.Where(happened => happened.Kind == "job-completed"))
        {
            foreach (var start in lines.Where(line => line.Kind == "start" && line.Trial == completed.Trial && line.Attempt > completed.Attempt && line.Number(1) <= completed.Resource))
                yield return $"again: trial {start.Trial} ran once more to {start.Number(1)} in attempt {start.Attempt}, after attempt {completed.Attempt} had brought the result";
        }
    }
}
