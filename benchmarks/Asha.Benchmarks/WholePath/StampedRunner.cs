using System.Diagnostics;
using Asha.Actors.Execution;
using Asha.Core.Experiments;

namespace Asha.Benchmarks.WholePath;

/// <summary>Trials that report their result at once, or after a given time, off the actors' threads; it notes when each job began and ended.</summary>
/// <param name="levels">The rungs' levels.</param>
/// <param name="trials">How many trials there can be.</param>
/// <param name="lasts">How long each job takes; zero: nothing at all.</param>
internal sealed class StampedRunner(IReadOnlyList<double> levels, int trials, TimeSpan lasts) : ITrialRunner
{
    private readonly long[] _began = new long[trials * levels.Count];
    private readonly long[] _ended = new long[trials * levels.Count];

    /// <summary>From the end of one job to the beginning of another.</summary>
    public TimeSpan Between(int endedTrial, int endedRung, int begunTrial, int begunRung)
        => Stopwatch.GetElapsedTime(_ended[endedTrial * levels.Count + endedRung], _began[begunTrial * levels.Count + begunRung]);

    public Task<TrialEnding> RunAsync(TrialLaunch launch, Action<TrialReport> report, CancellationToken stop) => Task.Run(async () =>
    {
        var rung = 0;
        while (levels[rung] < launch.Target)
            rung++;
        var job = launch.Trial * levels.Count + rung;
        _began[job] = Stopwatch.GetTimestamp();
        if (lasts > TimeSpan.Zero)
            await Task.Delay(lasts, CancellationToken.None);
        report(new TrialReport(launch.Target, Metric(launch.Trial, rung)));
        _ended[job] = Stopwatch.GetTimestamp();
        return new TrialEnding(EndingCause.Exited);
    }, CancellationToken.None);

    /// <summary>In no order, without ties.</summary>
    private static double Metric(int trial, int rung) => (trial * 7919L + 13) % 1_000_003 / 1_000_003.0 / (rung + 1);
}
