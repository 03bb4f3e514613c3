using System.Globalization;
using Asha.Core.Worlds;

namespace Asha.TestKit;

/// <summary>A table of learning curves as it stands in a test.</summary>
internal static class CodeTable
{
    /// <returns>The table; <c>null</c> where there are problems.</returns>
    public static CurveTable? Of(IReadOnlyList<(double Resource, double Metric, double Seconds)>[] trials, out IReadOnlyList<string> problems)
    {
        var found = new List<string>();
        for (var trial = 0; trial < trials.Length; trial++)
        {
            var before = 0.0;
            foreach (var (resource, _, seconds) in trials[trial])
            {
                if (!(resource > before))
                    found.Add(string.Create(CultureInfo.InvariantCulture, $"Table: trial {trial}: the resource must rise from row to row and begin above 0, but {resource} comes after {before}"));
                if (!(seconds >= 0 && seconds <= Seconds.Most))
                    found.Add(string.Create(CultureInfo.InvariantCulture, $"Table: trial {trial} at {resource}: seconds must be 0 to {Seconds.Most}, but are {seconds}"));
                before = resource;
            }
        }
        problems = found;
        return found.Count > 0 ? null : new CurveTable(trials.Select(rows => rows.Select(row => new CurveRow(row.Resource, row.Metric, (decimal)row.Seconds))));
    }
}
