using Asha.Core.Experiments;
using Asha.Host.Cli;

namespace Asha.Host.View;

/// <summary>The rungs as a ladder, the highest on top.</summary>
internal static class LadderSection
{
    /// <summary>The least has room for the words that explain it.</summary>
    private const int LeastBar = 34, MostBar = 81;

    /// <param name="rows">At least 2: the head and one rung. Rungs that nobody has reached go first, from the top; then those at the bottom.</param>
    public static IReadOnlyList<Line> Draw(Moment moment, Look look, int rows)
    {
        var rungs = Shown(moment.State.Rungs, rows - 1);
        var lines = Table(moment, look.Width, rungs).Lines();
        var room = Math.Min(MostBar, look.Width - lines[0].Width - 3);
        if (room < LeastBar)
            return lines;
        AddBars(moment, look, rungs, lines, room);
        return lines;
    }

    private static RungTally[] Shown(IReadOnlyList<RungTally> rungs, int count)
    {
        var shown = rungs.Reverse().ToList();
        while (shown.Count > count && shown[0].Started == 0)
            shown.RemoveAt(0);
        return [.. shown.Take(count)];
    }

    private static Grid Table(Moment moment, int width, IEnumerable<RungTally> rungs)
    {
        var state = moment.State;
        var narrow = width < 62;
        var grid = narrow
            ? new Grid(2, "rung", "to", "run", "done", "up", "cut-off")
            : new Grid(2, "rung", state.Spec.Resource.Name, "waiting", "running", "completed", "promoted", "failed", "cut-off");
        foreach (var rung in rungs)
        {
            var (running, promoted) = (Count(rung.Running, Tone.Busy), Count(rung.Promoted, Tone.Good));
            var last = CutOff(moment.Record, rung);
            if (rung.Rung == state.Rungs.Count - 1) // From the top rung, nothing is promoted.
                promoted = last = ("", Tone.Plain);
            if (narrow)
                grid.Row(($"{rung.Rung}", Tone.Plain), (Output.Number(rung.Level), Tone.Plain), running, Count(rung.Completed), promoted, last);
            else
                grid.Row(($"{rung.Rung}", Tone.Plain), (Output.Number(rung.Level), Tone.Plain), Count(rung.Underway - rung.Running), running, Completed(state, rung), promoted, Count(rung.Failed, Tone.Bad), last);
        }
        return grid;
    }

    private static (string, Tone) Count(int count, Tone tone = Tone.Plain) => count == 0 ? ("-", Tone.Faint) : ($"{count}", tone);

    /// <summary>Of how many, where the rung's size is fixed.</summary>
    private static (string, Tone) Completed(ExperimentState state, RungTally rung)
    {
        var fixedSize = state.Brackets.Count == 1 && (state.Spec.Scheduler.Type == SchedulerType.Sha || rung.Rung == 0);
        var size = fixedSize ? state.Population(0, rung.Rung) : null;
        return size is > 0 ? ($"{rung.Completed} of {size}", Tone.Plain) : Count(rung.Completed);
    }

    private static (string, Tone) CutOff(RunRecord record, RungTally rung)
        => record.Standings?.CutOff(record.State, rung.Rung) is { } cutOff ? (Output.Number(cutOff), Tone.Plain) : ("-", Tone.Faint);

    /// <summary>Each rung's trials as a bar, beside those of the fullest one.</summary>
    private static void AddBars(Moment moment, Look look, RungTally[] rungs, IReadOnlyList<Line> lines, int room)
    {
        var (promoted, completed, running) = look.Bars;
        var whole = Math.Max(moment.State.Population(0, 0) ?? 0, moment.State.Rungs.Max(rung => rung.Completed + rung.Running));
        lines[0].Add("   ").Add($"{promoted} promoted {completed} completed {running} running", Tone.Faint);
        for (var index = 0; index < rungs.Length; index++)
        {
            var rung = rungs[index];
            var (up, done, all) = (Cells(rung.Promoted), Cells(rung.Completed), Cells(rung.Completed + rung.Running));
            lines[index + 1].Add("   ").Add(new string(promoted, up), Tone.Good).Add(new string(completed, Math.Max(0, done - up))).Add(new string(running, Math.Max(0, all - Math.Max(up, done))), Tone.Busy);
        }

        // A single trial is seen, however many there are.
        int Cells(int count) => count == 0 ? 0 : Math.Max(1, (int)Math.Round(room * (double)Math.Min(count, whole) / whole));
    }
}
