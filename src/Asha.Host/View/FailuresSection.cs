using Asha.Core.Experiments;

namespace Asha.Host.View;

/// <summary>What went wrong: how often and why, and the last ones.</summary>
internal static class FailuresSection
{
    public static bool IsNeeded(ExperimentState state) => state.Failures.Count > 0 || state.RejectedReports > 0;

    public static Line Summary(ExperimentState state)
    {
        var line = Line.Empty.Add("failures", Tone.Strong);
        var given = state.Rungs.Sum(rung => rung.Failed);
        line.Add(state.Failures.Count > 0 ? $"  {Words.Counts(state.Failures)}" : "  none", state.Failures.Count > 0 ? Tone.Bad : Tone.Plain);
        if (given > 0)
            line.Add($"; {Words.Count(given, "trial")} failed for good");
        return state.RejectedReports > 0 ? line.Add($"; {Words.Count(state.RejectedReports, "rejected report")}") : line;
    }

    public static Line Row(Moment moment, FailureNote note)
    {
        var failed = note.Event;
        var fate = failed.Last ? "for good" : $"try {note.Try} of {moment.State.Spec.Trial.MaxAttempts}{(failed.BackOff is { } wait ? $", again at {Words.Clock(failed.Time + wait)}" : "")}";
        return Line.Empty.Add($"  {Words.Clock(failed.Time),8}  ", Tone.Faint).Add($"trial {failed.Trial}, rung {failed.Rung}, {fate}: ").Add(Reason(failed), Tone.Bad);
    }

    /// <summary>How it ended, and the last thing that it printed: a program says last what went wrong.</summary>
    private static string Reason(AttemptFailed failed)
    {
        var lines = failed.Detail.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var how = lines.Length == 0 ? failed.Cause : lines[0].StartsWith(failed.Cause, StringComparison.Ordinal) ? lines[0] : $"{failed.Cause}: {lines[0]}";
        return lines.Length > 1 ? $"{how}: {lines[^1]}" : how;
    }
}
