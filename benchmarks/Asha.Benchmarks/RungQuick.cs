using System.Diagnostics;
using Asha.Core.Scheduling;

namespace Asha.Benchmarks;

/// <summary>The same with a stopwatch: a table in seconds rather than minutes.</summary>
internal static class RungQuick
{
    private const int Repetitions = 5;
    private const int Window = 100_000;

    public static void Run()
    {
        Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}, {DateTime.UtcNow:yyyy-MM-dd}; median of {Repetitions}, in brackets lowest and highest");
        Console.WriteLine("| results in the rung | decisions a second, from empty | around that size | bytes a result | promoted | checksum |");
        Console.WriteLine("|---|---|---|---|---|---|");
        for (var warmUp = 0; warmUp < 3; warmUp++)
            Measure(20_000);
        foreach (var results in new[] { 1_000, 10_000, 100_000, 1_000_000 })
        {
            var runs = Enumerable.Range(0, Repetitions).Select(_ => Measure(results)).ToArray();
            Console.WriteLine($"| {results:N0} | {Spread(runs.Select(run => run.FromEmpty))} | {Spread(runs.Select(run => run.Around))} | {runs[0].Bytes:F1} | {runs[0].Promoted:N0} | {runs[0].Checksum} |");
        }
    }

    /// <summary>Fills a rung, then goes on for a while with a rung of that size.</summary>
    private static (double FromEmpty, double Around, double Bytes, int Promoted, long Checksum) Measure(int results)
    {
        var window = Math.Min(results / 10, Window);
        var metrics = RungWork.Metrics(results + window);
        var released = new List<int>();
        // A small rung is filled many times, so that a measurement lasts.
        var rungs = Math.Max(1, 200_000 / results);
        var kept = new Rung[rungs];
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var index = 0; index < rungs; index++)
            kept[index] = new Rung(RungRule.Asynchronous, RungWork.ReductionFactor);
        var (promoted, checksum) = (0, 0L);
        var started = Stopwatch.GetTimestamp();
        foreach (var rung in kept)
            (promoted, checksum) = RungWork.Decide(rung, metrics, 0, results, released);
        var fill = Stopwatch.GetElapsedTime(started);
        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)rungs / results;
        started = Stopwatch.GetTimestamp();
        foreach (var rung in kept)
            checksum += RungWork.Decide(rung, metrics, results, results + window, released).Checksum;
        var around = Stopwatch.GetElapsedTime(started);
        return (results * (double)rungs / fill.TotalSeconds, window * (double)rungs / around.TotalSeconds, bytes, promoted, checksum);
    }

    private static string Spread(IEnumerable<double> rates)
    {
        var sorted = rates.Order().ToArray();
        return $"{sorted[sorted.Length / 2]:N0} [{sorted[0]:N0}–{sorted[^1]:N0}]";
    }
}
