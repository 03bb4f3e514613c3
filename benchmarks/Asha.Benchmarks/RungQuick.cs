using System.Diagnostics;
using Asha.Core.Scheduling;

namespace Asha.Benchmarks;

/// <summary>The same with a stopwatch: a table in seconds rather than minutes. The second column counts the process's own time alone, for machines that are shared.</summary>
internal static class RungQuick
{
    private const int Repetitions = 5;
    private const int Window = 100_000;

    private readonly record struct Measured(double FromEmpty, double OfOwnTime, double Around, double Bytes, int Promoted, long Checksum);

    public static void Run()
    {
        Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}, {DateTime.UtcNow:yyyy-MM-dd}; median of {Repetitions}, in brackets lowest and highest");
        Console.WriteLine("| results in the rung | decisions a second, from empty | the same, of processor time | a second, going on at that size | bytes a result | promoted | checksum |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        for (var warmUp = 0; warmUp < 5; warmUp++)
            Measure(20_000);
        foreach (var results in new[] { 1_000, 10_000, 100_000, 1_000_000 })
        {
            var runs = Enumerable.Range(0, Repetitions).Select(_ => Measure(results)).ToArray();
            Console.WriteLine(
                $"| {results:N0} | {Spread(runs.Select(run => run.FromEmpty))} | {Spread(runs.Select(run => run.OfOwnTime))} | {Spread(runs.Select(run => run.Around))} "
                + $"| {runs[0].Bytes:F1} | {runs[0].Promoted:N0} | {runs[0].Checksum} |");
        }
    }

    /// <summary>Fills a rung, then goes on for a while with a rung of that size.</summary>
    private static Measured Measure(int results)
    {
        var window = Math.Min(results / 10, Window);
        // A small rung is filled many times, so that a measurement lasts, each time in another order, so that no branch can be learnt by heart.
        var kept = new Rung[Math.Max(1, 500_000 / results)];
        var metrics = Enumerable.Range(0, kept.Length).Select(seed => RungWork.Metrics(results + window, seed)).ToArray();
        var released = new List<int>();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var index = 0; index < kept.Length; index++)
            kept[index] = new Rung(RungRule.Asynchronous, RungWork.ReductionFactor);
        var (promoted, checksum) = (0, 0L);
        var (started, worked) = (Stopwatch.GetTimestamp(), Process.GetCurrentProcess().TotalProcessorTime);
        for (var index = 0; index < kept.Length; index++)
        {
            var decided = RungWork.Decide(kept[index], metrics[index], 0, results, released);
            (promoted, checksum) = (promoted + decided.Promoted, checksum + decided.Checksum);
        }
        var (fill, work) = (Stopwatch.GetElapsedTime(started), Process.GetCurrentProcess().TotalProcessorTime - worked);
        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)kept.Length / results;
        started = Stopwatch.GetTimestamp();
        for (var index = 0; index < kept.Length; index++)
            checksum += RungWork.Decide(kept[index], metrics[index], results, results + window, released).Checksum;
        var around = Stopwatch.GetElapsedTime(started);
        var (decisions, more) = (results * (double)kept.Length, window * (double)kept.Length);
        return new Measured(decisions / fill.TotalSeconds, decisions / work.TotalSeconds, more / around.TotalSeconds, bytes, promoted, checksum);
    }

    private static string Spread(IEnumerable<double> rates)
    {
        var sorted = rates.Order().ToArray();
        return $"{sorted[sorted.Length / 2]:N0} [{sorted[0]:N0}–{sorted[^1]:N0}]";
    }
}
