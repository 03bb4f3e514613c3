using System.Buffers;
using System.Diagnostics;
using Asha.Actors.Persistence;
using Asha.Core.Experiments;
using Asha.Core.Spaces;

namespace Asha.Benchmarks;

/// <summary>What one format for wire and disk costs: events written as journal lines, and read back.</summary>
internal static class FormatQuick
{
    private const int Rounds = 5;
    private const int Jobs = 100_000;

    public static void Run()
    {
        var events = Events().ToArray();
        var written = new ArrayBufferWriter<byte>();
        var (writes, reads) = (new List<double>(), new List<double>());
        var checksum = 0.0;
        for (var round = 0; round <= Rounds; round++)
        {
            written.ResetWrittenCount();
            var started = Stopwatch.GetTimestamp();
            foreach (var happened in events)
                EventLines.Write(written, happened);
            var between = Stopwatch.GetTimestamp();
            checksum = Read(written.WrittenSpan);
            if (round == 0)
                continue; // Warm-up.
            writes.Add(events.Length / Stopwatch.GetElapsedTime(started, between).TotalSeconds);
            reads.Add(events.Length / Stopwatch.GetElapsedTime(between).TotalSeconds);
        }
        Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}; median of {Rounds}; sampled, started, reported, completed: four events a job");
        Console.WriteLine($"written: {Median(writes):N0} events a second; read: {Median(reads):N0}; {(double)written.WrittenCount / events.Length:F1} bytes an event; checksum {checksum:R}");
    }

    private static double Read(ReadOnlySpan<byte> lines)
    {
        var sum = 0.0;
        while (lines.Length > 0)
        {
            var end = lines.IndexOf((byte)'\n');
            if (EventLines.Read(lines[..end]) is JobCompleted completed)
                sum += completed.Metric;
            lines = lines[(end + 1)..];
        }
        return sum;
    }

    private static IEnumerable<ExperimentEvent> Events()
    {
        for (var trial = 0; trial < Jobs; trial++)
        {
            var time = TimeSpan.FromTicks(trial * 12_345L);
            var metric = Math.Sin(trial);
            yield return new TrialSampled(time, trial, 0, new Configuration(
                [new("learning-rate", ParameterValue.Of(metric)), new("hidden", ParameterValue.Of(64L)), new("optimizer", ParameterValue.Of("adam"))]));
            yield return new JobStarted(time, trial, 0, 0, 1, trial % 1000, 0, 1, null);
            yield return new ReportAccepted(time, trial, 1, 1, metric, "epoch-1.bin");
            yield return new JobCompleted(time, trial, 0, 0, 1, trial % 1000, 1, metric);
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
