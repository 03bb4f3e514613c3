using System.Globalization;
using Asha.Core.Experiments;
using CsvHelper;

namespace Asha.Host.Runs;

/// <summary><c>trials.csv</c>: a row a trial, a column a parameter, named <c>parameter.x</c> where a column of that name is there already.</summary>
internal static class TrialsCsv
{
    /// <param name="state">The run.</param>
    /// <param name="trials">Which, in this order.</param>
    /// <param name="target">Left open.</param>
    public static void Write(ExperimentState state, IEnumerable<TrialState> trials, TextWriter target)
    {
        using var csv = new CsvWriter(target, CultureInfo.InvariantCulture, leaveOpen: true);
        string[] names = [.. state.Spec.Space.Parameters.Select(parameter => parameter.Name)];
        string[] heads = ["trial", "state", "bracket", "rung", state.Spec.Resource.Name, state.Spec.Metric.Name, "attempts", "rejected-reports", "seed"];
        // After the parameters: a program that knows the columns by their places goes on reading what it read.
        string[] tails = ["last-failure", "ranked-rung", "ranked-resource", "ranked-metric"];
        foreach (var head in heads.Concat(names.Select(name => heads.Contains(name) || tails.Contains(name) ? $"parameter.{name}" : name)).Concat(tails))
            csv.WriteField(head);
        csv.NextRecord();
        foreach (var trial in trials)
        {
            var (resource, metric) = trial.Results.Length > 0 ? trial.Results[^1] : (0, double.NaN);
            csv.WriteField(trial.Trial);
            csv.WriteField(trial.Phase.ToString().ToLowerInvariant());
            csv.WriteField(trial.Bracket);
            csv.WriteField(trial.Results.Length > 0 ? trial.Results.Length - 1 : trial.Rung);
            csv.WriteField(Exact(resource));
            csv.WriteField(double.IsFinite(metric) ? Exact(metric) : "");
            csv.WriteField(trial.Attempt);
            csv.WriteField(trial.RejectedReports);
            csv.WriteField(state.Spec.SeedOf(trial.Trial));
            foreach (var name in names)
                csv.WriteField(trial.Parameters.TryGet(name, out var value) ? value.ToString() : "");
            csv.WriteField(trial.LastFailure);
            var ranked = trial.LastFinite;
            csv.WriteField(ranked < 0 ? "" : ranked.ToString(CultureInfo.InvariantCulture));
            csv.WriteField(ranked < 0 ? "" : Exact(trial.Results[ranked].Resource));
            csv.WriteField(ranked < 0 ? "" : Exact(trial.Results[ranked].Metric));
            csv.NextRecord();
        }
    }

    private static string Exact(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}
