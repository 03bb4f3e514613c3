using System.Diagnostics;
using Asha.Actors.Persistence;
using Asha.Core.Experiments;
using Asha.Core.Scheduling;

namespace Asha.Benchmarks.WholePath;

/// <summary>
/// The whole path of a job through the actors of <c>tune</c>, events.jsonl on: jobs a second with trials that take no time, and the time from a job's end to the next start on its slot.
/// </summary>
internal static class EngineQuick
{
    private readonly record struct Measured(int Jobs, double Rate, double OwnTime, double Allocated, int Collections, double Paused, long Lines, long Bytes, double Median, double P99, double Longest);

    public static async Task RunAsync(string[] args)
    {
        var trials = Number(args, "--trials", 300_000);
        var rounds = Number(args, "--rounds", 3);
        var isDurable = !args.Contains("--no-journal");
        var lasts = TimeSpan.FromMilliseconds(Number(args, "--lasts-ms", 0));
        Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}, {DateTime.UtcNow:yyyy-MM-dd}; ASHA, η = 4, {trials:N0} trials, jobs of {lasts.TotalMilliseconds} ms; {(isDurable ? "journal in SQLite, WAL, synchronous = FULL" : "events.jsonl alone")}; wall time from the start of the actors to the last event");
        Console.WriteLine("| slots | jobs | jobs a second | µs of processor time a job | bytes allocated a job | collections | % of the time paused for them | lines of events.jsonl | bytes a job | job's end to next start on its slot, ms: median | p99 | longest |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|");
        var settings = Array.IndexOf(args, "--hocon") is >= 0 and var at ? args[at + 1] : "";
        await MeasureAsync(2, 20_000, TimeSpan.Zero, settings, isDurable);
        foreach (var slots in Slots(args, [2, 1_000]))
        {
            for (var round = 0; round < rounds; round++)
            {
                var run = await MeasureAsync(slots, trials, lasts, settings, isDurable);
                Console.WriteLine($"| {slots:N0} | {run.Jobs:N0} | {run.Rate:N0} | {run.OwnTime:F1} | {run.Allocated:N0} | {run.Collections} | {run.Paused:F0} | {run.Lines:N0} | {run.Bytes / run.Jobs} | {run.Median:F2} | {run.P99:F2} | {run.Longest:F1} |");
            }
        }
        var counted = await MeasureAsync(2, 50_000, TimeSpan.Zero, settings + "\n" + CountingMailbox.Everywhere, isDurable);
        Console.WriteLine($"\nMessages a job, 2 slots, {counted.Jobs:N0} jobs:");
        Console.WriteLine("| actor | message | a job |");
        Console.WriteLine("|---|---|---|");
        foreach (var (actor, message, count) in CountingMailbox.Counts)
            Console.WriteLine($"| {actor} | {message} | {count / (double)counted.Jobs:F2} |");
        Console.WriteLine($"| all | | {CountingMailbox.Counts.Sum(entry => entry.Count) / (double)counted.Jobs:F2} |");
    }

    private static async Task<Measured> MeasureAsync(int slots, int trials, TimeSpan lasts, string settings, bool isDurable)
    {
        var spec = BenchRun.Spec(slots, trials);
        var stamps = new StampedTrials(RungLadder.Levels(spec.Resource, spec.Scheduler.ReductionFactor), trials, lasts);
        using var run = new BenchRun(spec, stamps.TrainAsync) { Settings = settings, IsDurable = isDurable };
        var (allocated, collections, paused) = (GC.GetTotalAllocatedBytes(), GC.CollectionCount(0), GC.GetTotalPauseDuration());
        var (before, worked) = (Stopwatch.GetTimestamp(), Process.GetCurrentProcess().TotalProcessorTime);
        await run.RunAsync();
        var (wall, work) = (Stopwatch.GetElapsedTime(before), Process.GetCurrentProcess().TotalProcessorTime - worked);
        (allocated, collections, paused) = (GC.GetTotalAllocatedBytes() - allocated, GC.CollectionCount(0) - collections, GC.GetTotalPauseDuration() - paused);
        var waits = Waits(run.Events, stamps, out var jobs);
        // The count that is divided by is read back from the disk, not taken from memory.
        var lines = File.ReadLines(run.Events).LongCount();
        return new Measured(jobs, jobs / wall.TotalSeconds, work.TotalMicroseconds / jobs, allocated / (double)jobs, collections, 100 * paused / wall, lines, new FileInfo(run.Events).Length,
            waits[waits.Length / 2], waits[(int)(waits.Length * .99)], waits[^1]);
    }

    /// <summary>Milliseconds from each job's end to the next start on its slot, sorted; slots that found nothing to do in between are left out.</summary>
    private static double[] Waits(string events, StampedTrials stamps, out int jobs)
    {
        var ended = new Dictionary<int, JobCompleted>();
        var waits = new List<double>();
        jobs = 0;
        foreach (var happened in EventLines.ReadAll(events))
        {
            switch (happened)
            {
                case JobCompleted done:
                    ended[done.Slot] = done;
                    jobs++;
                    break;
                case SlotParked parked:
                    ended.Remove(parked.Slot);
                    break;
                case JobStarted started when ended.Remove(started.Slot, out var last):
                    waits.Add(stamps.Between(last.Trial, last.Rung, started.Trial, started.Rung).TotalMilliseconds);
                    break;
            }
        }
        return [.. waits.Order()];
    }

    internal static int[] Slots(string[] args, int[] otherwise)
        => Array.IndexOf(args, "--slots") is >= 0 and var at ? [.. args[at + 1].Split(',').Select(int.Parse)] : otherwise;

    internal static int Number(string[] args, string name, int otherwise) => Array.IndexOf(args, name) is >= 0 and var at ? int.Parse(args[at + 1]) : otherwise;
}
