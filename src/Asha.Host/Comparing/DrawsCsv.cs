using System.Globalization;
using CsvHelper;

namespace Asha.Host.Comparing;

/// <summary>The list of shared draws: <c>seed,trial,rung,attempt,resource,straggler,dropped-after,metric,parameters,schedulers</c>, the metric at that resource; empty where there is none.</summary>
internal static class DrawsCsv
{
    public static void Write(IEnumerable<SharedDraw> draws, IReadOnlyList<string> labels, TextWriter target)
    {
        using var csv = new CsvWriter(target, CultureInfo.InvariantCulture, leaveOpen: true);
        foreach (var head in new[] { "seed", "trial", "rung", "attempt", "resource", "straggler", "dropped-after", "metric", "parameters", "schedulers" })
            csv.WriteField(head);
        csv.NextRecord();
        foreach (var draw in draws)
        {
            csv.WriteField(draw.Seed);
            csv.WriteField(draw.Key.Trial);
            csv.WriteField(draw.Key.Rung);
            csv.WriteField(draw.Key.Attempt);
            csv.WriteField(Exact(draw.Drawn.Target));
            csv.WriteField(Exact(draw.Drawn.Draw.Straggler));
            csv.WriteField(Exact(draw.Drawn.Draw.DroppedAfter));
            csv.WriteField(draw.Drawn.Metric is { } metric ? Exact(metric) : "");
            csv.WriteField(draw.Configuration.ToString());
            csv.WriteField(string.Join(" ", draw.Runs.Select(run => labels[run])));
            csv.NextRecord();
        }
    }

    private static string Exact(double number) => double.IsPositiveInfinity(number) ? "" : number.ToString("R", CultureInfo.InvariantCulture);
}
