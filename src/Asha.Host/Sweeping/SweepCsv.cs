using System.Globalization;
using Asha.Core.Utilization;
using Asha.Host.Scenarios;
using CsvHelper;

namespace Asha.Host.Sweeping;

/// <summary><c>runs.csv</c>: a row a run, a column a swept key, then the columns of <see cref="Figures"/>; times in seconds, empty where there is none.</summary>
internal static class SweepCsv
{
    /// <summary>The columns after the keys: what such a file is known by.</summary>
    public static IReadOnlyList<string> Figures { get; } =
    [
        "scheduler", "seed", "end-time", "busy", "utilization", "slots", "trials", "resource-spent", "fully-trained", "first-fully-trained", "time-to-target", "best", "mispromotions",
        .. Enum.GetValues<IdleCause>().Select(cause => $"idle-{cause.Name()}"),
    ];

    public static void Write(Sweep sweep, TextWriter target)
    {
        using var csv = new CsvWriter(target, CultureInfo.InvariantCulture, leaveOpen: true);
        Row(csv, [.. sweep.Axes.Select(axis => axis.Path), .. Figures]);
        foreach (var cell in sweep.Cells)
        {
            string[] keys = [.. sweep.Axes.Zip(cell.Cell.Values, (axis, value) => axis.Texts[value])];
            foreach (var run in cell.Runs.SelectMany(runs => runs))
                Row(csv, [.. keys, .. Cells(run)]);
        }
    }

    private static IEnumerable<string> Cells(SimulatedRunSummary run) =>
    [
        run.Label!, run.Seed.ToString(CultureInfo.InvariantCulture), Exact(run.EndTime), Exact(run.Busy), Exact(run.Utilization), Exact(run.Slots), Exact(run.Trials), Exact(run.ResourceSpent), Exact(run.FullyTrained),
        Exact(run.FirstFullyTrained), Exact(run.TimeToTarget), Exact(run.Best?.Metric), Exact(run.Mispromotions), .. Enum.GetValues<IdleCause>().Select(cause => Exact(run.Idle[cause.Name()])),
    ];

    private static void Row(CsvWriter csv, IEnumerable<string> cells)
    {
        foreach (var cell in cells)
            csv.WriteField(cell);
        csv.NextRecord();
    }

    private static string Exact(double? number) => number is { } known ? known.ToString("R", CultureInfo.InvariantCulture) : "";
}
