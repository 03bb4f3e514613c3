using Asha.Core.Experiments;
using Asha.Host.Cli;
using Spectre.Console;

namespace Asha.Host.Runs;

/// <summary>Trials, a row each, with as many of their parameters as the terminal is wide enough for.</summary>
internal static class TrialTable
{
    private const int CellWidth = 14;

    /// <param name="state">The run.</param>
    /// <param name="trials">In this order; each with the rung whose result is shown, −1: none.</param>
    /// <param name="console">Where to.</param>
    /// <param name="withAttempts">Also how often each was started, and how its last failed attempt failed.</param>
    public static void Write(ExperimentState state, IReadOnlyList<(TrialState Trial, int Rung)> trials, IAnsiConsole console, bool withAttempts = false)
    {
        var parameters = state.Spec.Space.Parameters.Select(parameter => parameter.Name).ToList();
        var room = console.Profile.Width;
        string[] more = withAttempts ? ["attempts", "last failure"] : [];
        string[] heads = ["trial", "state", state.Spec.Resource.Name, state.Spec.Metric.Name, .. more];
        var left = room - heads.Sum(head => Math.Max(head.Length, 9) + 3);
        var shown = 0;
        while (shown < parameters.Count && (left -= Math.Max(WidestOf(parameters[shown], trials), parameters[shown].Length) + 3) >= 0)
            shown++;
        var table = Output.Table([.. heads, .. parameters.Take(shown)]);
        foreach (var (trial, rung) in trials)
        {
            var (resource, metric) = rung >= 0 ? trial.Results[rung] : (0, double.NaN);
            table.Row([
                $"{trial.Trial}", trial.Phase.ToString().ToLowerInvariant(), rung >= 0 ? Output.Number(resource) : "", rung >= 0 ? Output.Number(metric) : "",
                .. withAttempts ? [$"{trial.Attempt}", trial.LastFailure ?? ""] : Array.Empty<string>(),
                .. parameters.Take(shown).Select(name => Value(trial, name))]);
        }
        console.Write(table);
        if (shown < parameters.Count)
            console.Line($"{parameters.Count - shown} more parameters: asha trials {state.Origin.Run} --csv");
    }

    private static int WidestOf(string parameter, IReadOnlyList<(TrialState Trial, int Rung)> trials)
        => trials.Select(entry => Value(entry.Trial, parameter).Length).DefaultIfEmpty(0).Max();

    private static string Value(TrialState trial, string parameter)
    {
        if (!trial.Parameters.TryGet(parameter, out var value))
            return "";
        var text = value.Kind == Asha.Core.Spaces.ParameterKind.Number ? Output.Number(value.AsNumber()) : value.ToString().Replace("\n", "\\n", StringComparison.Ordinal);
        return text.Length <= CellWidth ? text : text[..(CellWidth - 1)] + "…";
    }
}
