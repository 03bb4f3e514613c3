using System.Diagnostics;
using Asha.Core.Experiments;
using Asha.Core.Scheduling;

namespace Asha.Benchmarks.WholePath;

/// <summary>What a run keeps in memory when it has sampled so many trials: experiment, rungs and the watcher's record together, actors still there.</summary>
internal static class MemoryQuick
{
    public static async Task RunAsync(int[] sizes)
    {
        Console.WriteLine("| trials | jobs | MiB of live objects at the end | bytes a trial | MiB, the process's most (resident) |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var trials in sizes)
        {
            var spec = BenchRun.Spec(64, trials);
            var before = GC.GetTotalMemory(forceFullCollection: true);
            var live = 0L;
            // The stamps of the benchmark itself are no part of the run.
            var runner = new StampedRunner(RungLadder.Levels(spec.Resource, spec.Scheduler.ReductionFactor), trials, TimeSpan.Zero);
            var stamps = GC.GetTotalMemory(forceFullCollection: true) - before;
            using var run = new BenchRun(spec, runner)
            {
                Told = happened =>
                {
                    if (happened is ExperimentEnded)
                        live = GC.GetTotalMemory(forceFullCollection: true) - before - stamps;
                },
            };
            var record = await run.RunAsync();
            using var self = Process.GetCurrentProcess();
            Console.WriteLine($"| {trials:N0} | {record.State.Jobs:N0} | {live / 1048576.0:N0} | {live / trials:N0} | {self.PeakWorkingSet64 / 1048576.0:N0} |");
            GC.KeepAlive(runner);
        }
    }
}
