using System.Diagnostics;
using Asha.Actors.Execution;
using Asha.Actors.Persistence;
using Asha.Core.Experiments;
using Asha.Tuning.Runs;

namespace Asha.Benchmarks.WholePath;

/// <summary>
/// What the engine adds to a process's own start and end: job after job of a program that reports and exits, on one slot, from each start to the next; beside it the same program run in a bare loop.
/// </summary>
internal static class ProcessQuick
{
    private const int Jobs = 400;
    private static readonly string[] _program = ["sh", "-c", "echo '@asha {\"resource\": 1, \"metric\": 0.5}'"];

    public static async Task RunAsync()
    {
        Console.WriteLine($"{Jobs} times `sh -c \"echo …\"`, one at a time; ms from a start to the next");
        Console.WriteLine("| | median | p99 |");
        Console.WriteLine("|---|---|---|");
        // In turns, so that both meet the same machine.
        List<double> bare = [], tuned = [];
        for (var round = 0; round < 3; round++)
        {
            bare.AddRange(Bare());
            tuned.AddRange(await TunedAsync());
        }
        var (alone, within) = (Sorted(bare), Sorted(tuned));
        Console.WriteLine($"| bare loop of Process.Start, output read to its end | {alone.Median:F2} | {alone.P99:F2} |");
        Console.WriteLine($"| as trials of a run | {within.Median:F2} | {within.P99:F2} |");
        Console.WriteLine($"| the engine adds | {within.Median - alone.Median:F2} | {within.P99 - alone.P99:F2} |");
    }

    private static IEnumerable<double> Bare()
    {
        var starts = new List<long>();
        for (var job = 0; job <= Jobs; job++)
        {
            starts.Add(Stopwatch.GetTimestamp());
            using var process = Process.Start(new ProcessStartInfo(_program[0], _program[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true })!;
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
        }
        return starts.Zip(starts.Skip(1), (from, to) => Stopwatch.GetElapsedTime(from, to).TotalMilliseconds).Skip(Jobs / 4);
    }

    private static async Task<IEnumerable<double>> TunedAsync()
    {
        var spec = BenchRun.Spec(1, Jobs) with
        {
            Resource = new ResourceSpec("epoch", 1, 1, Integral: true),
            Trial = new TrialSpec { Command = _program, Directory = Path.GetTempPath() },
        };
        using var run = new BenchRun(spec, folder => new ProcessTrialRunner(spec.Trial, folder.Path, folder.Name, folder.NewToken(), TimeProvider.System));
        await run.RunAsync();
        var starts = EventLines.ReadAll(run.Events).OfType<JobStarted>().Select(started => started.Time.TotalMilliseconds).ToArray();
        return starts.Zip(starts.Skip(1), (from, to) => to - from).Skip(Jobs / 4);
    }

    private static (double Median, double P99) Sorted(List<double> values)
    {
        values.Sort();
        return (values[values.Count / 2], values[(int)(values.Count * .99)]);
    }
}
