using System.Text.Json;

namespace Asha.Crashes.Checks;

/// <summary>Nothing starts before it is written, and each attempt goes on from its trial's newest checkpoint that the journal has: told so, given that one, and training from there.</summary>
internal static class Resumed
{
    public static IEnumerable<string> Check(IReadOnlyList<Happened> events, IReadOnlyList<TrialLine> lines)
    {
        var started = events.Where(happened => happened.Kind == "job-started").ToDictionary(happened => (happened.Trial, happened.Attempt));
        return [.. FromTheNewest(events), .. lines.GroupBy(line => (line.Trial, line.Attempt)).SelectMany(attempt => Ran([.. attempt], started.GetValueOrDefault(attempt.Key)))];
    }

    private static IEnumerable<string> FromTheNewest(IReadOnlyList<Happened> events)
    {
        var newest = new Dictionary<int, Happened>();
        foreach (var happened in events)
        {
            if (happened.Kind == "report-accepted" && happened.Text("checkpoint").Length > 0)
                newest[happened.Trial] = happened;
            if (happened.Kind != "job-started")
                continue;
            var expected = newest.TryGetValue(happened.Trial, out var report) ? (report.Attempt, report.Text("checkpoint"), report.Resource) : (0, "", 0.0);
            var given = happened.Json.TryGetProperty("checkpoint", out var checkpoint) && checkpoint.ValueKind == JsonValueKind.Object
                ? (checkpoint.GetProperty("attempt").GetInt32(), checkpoint.GetProperty("path").GetString()!, happened.Number("start"))
                : (0, "", happened.Number("start"));
            if (given != expected)
                yield return $"resume: line {happened.Line}: attempt {happened.Attempt} of trial {happened.Trial} starts from {given}, and the newest checkpoint is {expected}";
        }
    }

    private static IEnumerable<string> Ran(IReadOnlyList<TrialLine> lines, Happened? started)
    {
        var (trial, attempt) = (lines[0].Trial, lines[0].Attempt);
        if (started is null)
        {
            yield return $"unwritten: attempt {attempt} of trial {trial} ran, and the journal knows of no start";
            yield break;
        }
        if (lines.Count(line => line.Kind == "start") != 1 || lines.Select(line => line.Engine).Distinct().Count() != 1)
            yield return $"unwritten: attempt {attempt} of trial {trial} was started more than once";
        var told = lines.First(line => line.Kind == "start");
        if (told.Number(0) != started.Number("start") || told.Number(1) != started.Number("target"))
            yield return $"resume: attempt {attempt} of trial {trial} was told {told.Number(0)} to {told.Number(1)}, the journal says {started.Number("start")} to {started.Number("target")}";
        if (told.Number(2) != told.Number(0))
            yield return $"resume: attempt {attempt} of trial {trial} was to go on from {told.Number(0)}, and was given a checkpoint of {told.Number(2)}";
        var steps = lines.Where(line => line.Kind == "step").Select(line => line.Resource).ToList();
        if (!steps.SequenceEqual(Enumerable.Range(told.Number(0) + 1, steps.Count)))
            yield return $"resume: attempt {attempt} of trial {trial} did not train step by step from {told.Number(0)}";
    }
}
