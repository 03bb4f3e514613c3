using Asha.Torture.World;

namespace Asha.Torture.Campaign;

/// <summary>Many cases, some at a time; each in a world of its own, on a thread of its own, so that none knows of another.</summary>
/// <param name="cases">In the order of their seeds.</param>
/// <param name="jobs">How many at a time, ≥ 1.</param>
/// <param name="told">Told of each result, in that order.</param>
/// <param name="play">Runs a case, in the place of <see cref="TortureRun"/>.</param>
public sealed class TortureCampaign(IEnumerable<TortureCase> cases, int jobs, Action<TortureResult>? told = null, Func<TortureCase, TortureResult>? play = null)
{
    private readonly SortedDictionary<long, TortureResult> _early = [];
    private readonly Lock _lock = new();
    private long _next, _taken;

    /// <summary>Runs them all, or until <paramref name="stop"/>.</summary>
    public CampaignTotals Run(CancellationToken stop)
    {
        var totals = new CampaignTotals();
        using var source = cases.GetEnumerator();
        InvalidOperationException? failure = null;
        var threads = Enumerable.Range(0, jobs).Select(_ => new Thread(() =>
        {
            while (!stop.IsCancellationRequested && Volatile.Read(ref failure) is null && Take(source) is var (number, next))
            {
                try
                {
                    Add(totals, number, play is null ? TortureRun.Of(next) : play(next));
                }
                catch (Exception error)
                {
                    Interlocked.CompareExchange(ref failure, new InvalidOperationException($"the torture itself failed, with seed {next.Seed}: {error}", error), null);
                }
            }
        })).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        return failure is null ? totals : throw failure;
    }

    private (long Number, TortureCase Case)? Take(IEnumerator<TortureCase> source)
    {
        lock (_lock)
            return source.MoveNext() ? (_taken++, source.Current) : null;
    }

    private void Add(CampaignTotals totals, long number, TortureResult result)
    {
        lock (_lock)
        {
            _early[number] = result;
            while (_early.Remove(_next, out var due))
            {
                totals.Add(due);
                told?.Invoke(due);
                _next++;
            }
        }
    }
}
