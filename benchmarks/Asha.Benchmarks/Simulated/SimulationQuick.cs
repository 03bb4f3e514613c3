using System.Diagnostics;
using Asha.Actors.Simulation;
using Asha.Benchmarks.WholePath;
using Asha.Core.Experiments;

namespace Asha.Benchmarks.Simulated;

/// <summary>Completed jobs a second of simulated runs, by the wiring of <c>simulate</c> on one core, beside a loop without actors; and what a world costs that has next to nothing in it.</summary>
internal static class SimulationQuick
{
    public static void Run(string[] args)
    {
        var trials = EngineQuick.Number(args, "--trials", 200_000);
        var rounds = EngineQuick.Number(args, "--rounds", 3);
        Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}, {DateTime.UtcNow:yyyy-MM-dd}; ASHA, η = 4, jobs of 1, 3, 12 and 48 s times 0.5 to 1.5; no journal on disk");
        Console.WriteLine("| | slots | trials | jobs | jobs a second | µs of processor time a job | bytes allocated a job | % of the time paused for collections | collections of generation 0, 1, 2 | largest heap after a collection, MB |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
        Simulate(25, 20_000);
        Bare(25, 20_000);
        foreach (var slots in EngineQuick.Slots(args, [25, 1_000, 10_000]))
        {
            Measure("actors", rounds, slots, trials, Simulate);
            Measure("bare loop", rounds, slots, trials, Bare);
        }
        if (args.Contains("--growth"))
        {
            foreach (var more in new[] { 10_000, 100_000, 1_000_000 })
                Measure("actors", 1, 25, more, Simulate);
        }
        if (args.Contains("--allocations"))
            ShowAllocations(trials);
        Console.WriteLine($"\n{Messages(25, 20_000)}");
        Console.WriteLine($"A world of one slot and one trial, from its beginning to its end: {Small()}.");
    }

    private static void Measure(string what, int rounds, int slots, int trials, Func<int, int, int> run)
    {
        for (var round = 0; round < rounds; round++)
        {
            var process = Process.GetCurrentProcess();
            var (allocated, paused, before, worked) = (GC.GetTotalAllocatedBytes(), GC.GetTotalPauseDuration(), Stopwatch.GetTimestamp(), process.TotalProcessorTime);
            var (young, middle, old) = (GC.CollectionCount(0), GC.CollectionCount(1), GC.CollectionCount(2));
            var jobs = run(slots, trials);
            var wall = Stopwatch.GetElapsedTime(before);
            process.Refresh();
            Console.WriteLine($"| {what} | {slots:N0} | {trials:N0} | {jobs:N0} | {jobs / wall.TotalSeconds:N0} | {(process.TotalProcessorTime - worked).TotalMicroseconds / jobs:F2} | {(GC.GetTotalAllocatedBytes() - allocated) / jobs:N0} | {(GC.GetTotalPauseDuration() - paused) / wall * 100:F0} | {GC.CollectionCount(0) - young}, {GC.CollectionCount(1) - middle}, {GC.CollectionCount(2) - old} | {GC.GetGCMemoryInfo(GCKind.Any).HeapSizeBytes / 1e6:F0} |");
        }
    }

    private static int Simulate(int slots, int trials)
    {
        var jobs = 0;
        new SimulatedRun(BenchRun.Spec(slots, trials), Attempt) { Told = happened => jobs += happened is JobCompleted ? 1 : 0 }.Run();
        return jobs;
    }

    private static int Bare(int slots, int trials) => new BareLoop(BenchRun.Spec(slots, trials), Attempt).Run();

    private static SimulatedAttempt Attempt(JobStarted job)
    {
        var length = (job.Target - job.Start) * TimeSpan.FromSeconds(1) * (.5 + StampedTrials.Metric(job.Trial, 0));
        return SimulatedRun.Completes(job, length, StampedTrials.Metric(job.Trial, job.Rung), resumes: true);
    }

    private static void ShowAllocations(int trials)
    {
        using var ticks = new AllocationTicks();
        Simulate(25, trials);
        Console.WriteLine($"\nAllocated at 25 slots:\n{string.Join('\n', ticks.Shares.Take(40).Select(share => $"| {share.Type} | {share.Share:P1} |"))}");
    }

    /// <summary>Messages a job by type of actor, as <c>simulate --trace</c> sees them.</summary>
    private static string Messages(int slots, int trials)
    {
        var (jobs, counts) = (0, new SortedDictionary<string, int>(StringComparer.Ordinal));
        new SimulatedRun(BenchRun.Spec(slots, trials), Attempt)
        {
            Told = happened => jobs += happened is JobCompleted ? 1 : 0,
            Trace = (_, actor, message) =>
            {
                var key = $"{actor.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9')} | {message}";
                counts[key] = counts.GetValueOrDefault(key) + 1;
            },
        }.Run();
        return $"Messages a job, {counts.Values.Sum() / (double)jobs:F2} in all:\n{string.Join('\n', counts.Where(count => count.Value > jobs / 100).Select(count => $"| {count.Key} | {count.Value / (double)jobs:F2} |"))}";
    }

    private static string Small()
    {
        var small = new List<double>();
        for (var round = 0; round < 200; round++)
        {
            var before = Stopwatch.GetTimestamp();
            Simulate(1, 1);
            small.Add(Stopwatch.GetElapsedTime(before).TotalMilliseconds);
        }
        small.Sort();
        return $"{small[100]:F2} ms in the median, {small[197]:F2} ms p99";
    }
}
