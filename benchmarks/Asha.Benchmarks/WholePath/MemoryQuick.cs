using System.Diagnostics;
using Asha.Core.Experiments;

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
            using var run = new BenchRun(spec, (trial, _) =>
            {
                trial.Report(trial.Target, trial.Number * 7919L % 1_000_003);
                return Task.CompletedTask;
            })
            {
                Told = happened =>
                {
                    if (happened is ExperimentEnded)
                        live = GC.GetTotalMemory(forceFullCollection: true) - before;
                },
            };
            var record = await run.RunAsync();
            using var self = Process.GetCurrentProcess();
            Console.WriteLine($"| {trials:N0} | {record.State.Jobs:N0} | {live / 1048576.0:N0} | {live / trials:N0} | {self.PeakWorkingSet64 / 1048576.0:N0} |");
        }
    }
}
