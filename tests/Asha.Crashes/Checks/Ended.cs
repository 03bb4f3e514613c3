namespace Asha.Crashes.Checks;

/// <summary>What a dead engine left running is ended before the next one starts anything, lost attempts use up no retry, and the run comes to its end and can be decided again.</summary>
internal static class Ended
{
    public static IEnumerable<string> Check(Testimony run, IReadOnlyList<Happened> events) => [.. Orphans(run), .. Retries(run, events), .. TheEnd(run, events)];

    private static IEnumerable<string> Orphans(Testimony run)
    {
        foreach (var orphan in run.Orphans)
            yield return $"orphan: process {orphan.Pid} of trial {orphan.Trial}, started by engine {orphan.Engine}, ran when the next engine wrote";
        foreach (var orphan in run.LeftAtEnd)
            yield return $"orphan: process {orphan.Pid} of trial {orphan.Trial}, started by engine {orphan.Engine}, ran when the run was over";
        var first = run.Lines.GroupBy(line => line.Engine).ToDictionary(engine => engine.Key, engine => engine.Min(line => line.Time));
        foreach (var late in run.Lines.Where(line => first.Any(later => later.Key > line.Engine && later.Value < line.Time)).DistinctBy(line => (line.Trial, line.Attempt)))
            yield return $"orphan: attempt {late.Attempt} of trial {late.Trial}, started by engine {late.Engine}, went on after a later engine had started a trial";
    }

    private static IEnumerable<string> Retries(Testimony run, IReadOnlyList<Happened> events)
    {
        foreach (var failed in events.Where(happened => happened.Kind == "attempt-failed"))
        {
            var wasHurt = run.Hurts.Attempts.ContainsKey((failed.Trial, failed.Attempt)) || run.Hurts.Fills > 0;
            if (!wasHurt || failed.Json.GetProperty("last").GetBoolean())
                yield return $"retry: line {failed.Line}: attempt {failed.Attempt} of trial {failed.Trial} counts as failed ({failed.Text("cause")}: {failed.Text("detail")})";
        }
        foreach (var lost in events.Where(happened => happened.Kind == "attempt-lost" && happened.Text("cause") != "engine-lost"))
            yield return $"resume: line {lost.Line}: attempt {lost.Attempt} of trial {lost.Trial} was lost: {lost.Text("cause")}";
        // Every attempt that ran when an engine died is told of, and nothing else.
        var running = new HashSet<(int, int)>();
        foreach (var happened in events)
        {
            if (happened.Kind == "job-started")
                running.Add((happened.Trial, happened.Attempt));
            else if (happened.Kind is "job-completed" or "attempt-failed" or "attempt-lost" && !running.Remove((happened.Trial, happened.Attempt)))
                yield return $"twice: line {happened.Line}: attempt {happened.Attempt} of trial {happened.Trial} ends, and does not run";
        }
    }

    private static IEnumerable<string> TheEnd(Testimony run, IReadOnlyList<Happened> events)
    {
        if (events.Count == 0 || events[^1].Kind != "experiment-ended" || events[^1].Text("outcome") != "completed")
            yield return "end: the run did not complete";
        if (run.Replay.Code != 0)
            yield return $"replay: asha replay does not agree: {run.Replay.Said}";
    }
}
