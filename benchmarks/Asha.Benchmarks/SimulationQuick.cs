using System.Diagnostics;
using Asha.Actors.Simulation;
using Asha.Benchmarks.WholePath;
using Asha.Core.Experiments;

namespace Asha.Benchmarks;

/// <summary>Completed jobs a second of simulated runs, by the wiring of <c>simulate</c> on one core; and what a world costs that has next to nothing in it.</summary>
internal static class SimulationQuick
{
    public static void Run(string[] args)
    {
        var trials = EngineQuick.Number(args, "--trials", 200_000);
        Console.WriteLine($"ASHA, η = 4, {trials:N0} trials, jobs of 1, 3, 12 and 48 s times 0.5 to 1.5; no journal on disk");
        Console.WriteLine("| slots | jobs | jobs a second | bytes allocated a job |");
        Console.WriteLine("|---|---|---|---|");
        Simulate(25, 20_000);
        foreach (var slots in new[] { 25, 1_000, 10_000 })
        {
            for (var round = 0; round < 3; round++)
            {
                var (allocated, before) = (GC.GetTotalAllocatedBytes(), Stopwatch.GetTimestamp());
                var jobs = Simulate(slots, trials);
                var wall = Stopwatch.GetElapsedTime(before);
                Console.WriteLine($"| {slots:N0} | {jobs:N0} | {jobs / wall.TotalSeconds:N0} | {(GC.GetTotalAllocatedBytes() - allocated) / jobs:N0} |");
            }
        }
        var small = new List<double>();
        for (var round = 0; round < 200; round++)
        {
            var before = Stopwatch.GetTimestamp();
            Simulate(1, 1);
            small.Add(Stopwatch.GetElapsedTime(before).TotalMilliseconds);
        }
        small.Sort();
        Console.WriteLine($"\nA world of one slot and one trial, from its beginning to its end: {small[100]:F2} ms in the median, {small[197]:F2} ms p99.");
    }

    private static int Simulate(int slots, int trials)
    {
        var jobs = 0;
        new SimulatedRun(BenchRun.Spec(slots, trials), Attempt) { Told = happened => jobs += happened is JobCompleted ? 1 : 0 }.Run();
        return jobs;
    }

    private static SimulatedAttempt Attempt(JobStarted job)
    {
        var length = (job.Target - job.Start) * TimeSpan.FromSeconds(1) * (.5 + StampedTrials.Metric(job.Trial, 0));
        return SimulatedRun.Completes(job, length, StampedTrials.Metric(job.Trial, job.Rung), resumes: true);
    }
}
