using System.Diagnostics;
using Asha.Actors.Metrics;
using Asha.Cluster.Metrics;
using Asha.Cluster.Settings;
using Asha.Core.Scheduling;
using Microsoft.Extensions.Logging.Abstractions;

namespace Asha.Benchmarks.WholePath;

/// <summary>What it costs to measure: the whole path of a job, journal in SQLite, without metrics and with all of them, asked for once a second over HTTP, in turns; as a ratio of processor time and of bytes.</summary>
internal static class MetricsQuick
{
    public static async Task RunAsync(string[] args)
    {
        var (trials, rounds, slots) = (EngineQuick.Number(args, "--trials", 100_000), EngineQuick.Number(args, "--rounds", 5), EngineQuick.Slots(args, [1_000])[0]);
        Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}, {DateTime.UtcNow:yyyy-MM-dd}; ASHA, η = 4, {trials:N0} trials, {slots:N0} slots, jobs of 0 ms, journal in SQLite");
        Console.WriteLine("| | jobs a second | µs of processor time a job | bytes allocated a job |");
        Console.WriteLine("|---|---|---|---|");
        // The first runs are slower, whatever they do.
        foreach (var isMeasured in new[] { false, true, false, true })
            await MeasureAsync(slots, trials, isMeasured);
        var ratios = new List<(double Time, double Bytes)>();
        for (var round = 0; round < rounds; round++)
        {
            // Whoever is second meets a warmer machine: in turns.
            var isFirst = round % 2 == 1;
            var (one, other) = (await MeasureAsync(slots, trials, isFirst), await MeasureAsync(slots, trials, !isFirst));
            var (with, without) = isFirst ? (one, other) : (other, one);
            ratios.Add((with.Time / without.Time, with.Bytes / without.Bytes));
            foreach (var (name, row) in new[] { ("without", without), ("with", with) })
                Console.WriteLine($"| {name} | {row.Rate:N0} | {row.Time:F2} | {row.Bytes:N0} |");
        }
        Console.WriteLine($"\nwith ÷ without: processor time {Shown(ratios.Select(ratio => ratio.Time))}, bytes {Shown(ratios.Select(ratio => ratio.Bytes))} (median [lowest–highest])");
    }

    private static readonly HostPort _loopback = new("127.0.0.1", 0);

    private static async Task<(double Rate, double Time, double Bytes)> MeasureAsync(int slots, int trials, bool isMeasured)
    {
        var spec = BenchRun.Spec(slots, trials);
        var stamps = new StampedTrials(RungLadder.Levels(spec.Resource, spec.Scheduler.ReductionFactor), trials, TimeSpan.Zero);
        using var metrics = isMeasured ? new EngineMetrics(TimeProvider.System) : null;
        using var exported = isMeasured ? MetricsExport.Of() : null;
        await using var server = exported is null ? null : await MetricsServer.StartAsync(_loopback, new NodeSettings { Name = "bench", Listen = _loopback, Join = [_loopback], Data = Path.GetTempPath(), Insecure = true, Slots = 1, Cpus = 1 }, null, NullLoggerFactory.Instance, exported, () => null);
        using var ends = new CancellationTokenSource();
        var asks = server is null ? Task.CompletedTask : AskAsync($"{server.Address}/metrics", ends.Token);
        using var run = new BenchRun(spec, stamps.TrainAsync) { Metrics = metrics };
        GC.Collect();
        var (allocated, before, worked) = (GC.GetTotalAllocatedBytes(), Stopwatch.GetTimestamp(), Process.GetCurrentProcess().TotalProcessorTime);
        var record = await run.RunAsync();
        var (wall, work) = (Stopwatch.GetElapsedTime(before), Process.GetCurrentProcess().TotalProcessorTime - worked);
        allocated = GC.GetTotalAllocatedBytes() - allocated;
        await ends.CancelAsync();
        await asks;
        var jobs = (double)record.State.Jobs;
        return (jobs / wall.TotalSeconds, work.TotalMicroseconds / jobs, allocated / jobs);
    }

    private static async Task AskAsync(string url, CancellationToken ends)
    {
        using var client = new HttpClient();
        try
        {
            for (; ; await Task.Delay(1000, ends))
                await client.GetStringAsync(url, ends);
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    private static string Shown(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return $"{sorted[sorted.Length / 2]:F3} [{sorted[0]:F3}–{sorted[^1]:F3}]";
    }
}
