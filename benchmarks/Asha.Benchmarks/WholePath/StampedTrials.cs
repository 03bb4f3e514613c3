using System.Diagnostics;
using Asha.Tuning;

namespace Asha.Benchmarks.WholePath;

/// <summary>Trials of the .NET API that report their result at once, or after about a given time; they note when each job began and ended.</summary>
/// <param name="levels">The rungs' levels.</param>
/// <param name="trials">How many trials there can be.</param>
/// <param name="lasts">How long a job takes on average, from half of it to half more; zero: nothing at all.</param>
internal sealed class StampedTrials(IReadOnlyList<double> levels, int trials, TimeSpan lasts)
{
    private readonly long[] _began = new long[trials * levels.Count];
    private readonly long[] _ended = new long[trials * levels.Count];

    /// <summary>From the end of one job to the beginning of another.</summary>
    public TimeSpan Between(int endedTrial, int endedRung, int begunTrial, int begunRung)
        => Stopwatch.GetElapsedTime(_ended[endedTrial * levels.Count + endedRung], _began[begunTrial * levels.Count + begunRung]);

    /// <summary>The trial.</summary>
    public Task TrainAsync(Trial trial, CancellationToken cancel)
    {
        var rung = 0;
        while (levels[rung] < trial.Target)
            rung++;
        var job = trial.Number * levels.Count + rung;
        _began[job] = Stopwatch.GetTimestamp();
        return lasts > TimeSpan.Zero ? TakeTimeAsync(trial, job, rung, cancel) : Done(trial, job, rung);
    }

    private async Task TakeTimeAsync(Trial trial, int job, int rung, CancellationToken cancel)
    {
        await Task.Delay(lasts * (.5 + Metric(trial.Number, 0)), cancel).ConfigureAwait(false);
        await Done(trial, job, rung).ConfigureAwait(false);
    }

    private Task Done(Trial trial, int job, int rung)
    {
        trial.Report(trial.Target, Metric(trial.Number, rung));
        _ended[job] = Stopwatch.GetTimestamp();
        return Task.CompletedTask;
    }

    /// <summary>In no order, without ties, from 0 to 1.</summary>
    internal static double Metric(int trial, int rung) => (trial * 7919L + 13) % 1_000_003 / 1_000_003.0 / (rung + 1);
}
