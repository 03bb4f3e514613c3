using System.Globalization;
using Asha.Core.Experiments;
using CsvHelper;

namespace Asha.Host.Runs;

/// <summary><c>trials.csv</c>: a row a trial, a column a parameter.</summary>
internal static class TrialsCsv
{
    public static void Write(ExperimentState state, TextWriter target)
    {
        using var csv = new CsvWriter(target, CultureInfo.InvariantCulture);
        string[] names = [.. state.Spec.Space.Parameters.Select(parameter => parameter.Name)];
        string[] heads = ["trial", "state", "bracket", "rung", state.Spec.Resource.Name, state.Spec.Metric.Name, "attempts", "rejected-reports"];
        foreach (var head in heads.Concat(names))
            csv.WriteField(head);
        csv.NextRecord();
        foreach (var trial in state.Trials)
        {
            var (resource, metric) = trial.Results.Count > 0 ? trial.Results[^1] : (0, double.NaN);
            csv.WriteField(trial.Trial);
            csv.WriteField(trial.Phase.ToString().ToLowerInvariant());
            csv.WriteField(trial.Bracket);
            csv.WriteField(trial.Results.Count > 0 ? trial.Results.Count - 1 : trial.Rung);
            csv.WriteField(resource.ToString("R", CultureInfo.InvariantCulture));
            csv.WriteField(double.IsFinite(metric) ? metric.ToString("R", CultureInfo.InvariantCulture) : "");
            csv.WriteField(trial.Attempt);
            csv.WriteField(trial.RejectedReports);
            foreach (var name in names)
                csv.WriteField(trial.Parameters.TryGet(name, out var value) ? value.ToString() : "");
            csv.NextRecord();
        }
    }
}
