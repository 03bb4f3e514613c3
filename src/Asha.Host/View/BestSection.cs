using Asha.Host.Cli;

namespace Asha.Host.View;

/// <summary>The best so far, with its parameters.</summary>
internal static class BestSection
{
    public static Line Summary(Moment moment, Look look)
    {
        var state = moment.State;
        var line = Line.Empty.Add("best", Tone.Strong);
        if (state.Best is not { } best)
            return line.Add("  none yet", Tone.Faint);
        var (resource, metric) = best.Results[state.BestRung];
        line.Add($"  {state.Spec.Metric.Name} {Output.Number(metric)}", Tone.Good).Add($" at {Output.Number(resource)} {state.Spec.Resource.Name}, trial {best.Trial}");
        var where = Line.Empty.Add(state.BestRung < state.Rungs.Count - 1 ? $" (rung {state.BestRung}, the highest with a result)" : " (the top rung)", Tone.Faint);
        return line.Width + where.Width <= look.Width ? line.Add(where) : line;
    }

    /// <summary>The parameters, as many to a row as there is room for.</summary>
    public static IReadOnlyList<Line> Parameters(Moment moment, Look look)
    {
        var lines = new List<Line>();
        foreach (var (name, value) in moment.State.Best?.Parameters.Values ?? [])
        {
            var item = Line.Empty.Add(name, Tone.Faint).Add($" {Words.Value(value)}").Fit(look.Width - 6, look.Ellipsis);
            if (lines.Count == 0 || lines[^1].Width + 3 + item.Width > look.Width)
                lines.Add(Line.Empty.Add("      ").Add(item));
            else
                lines[^1].Add("   ").Add(item);
        }
        return lines;
    }
}
