using Asha.Torture.World;

namespace Asha.Torture.Campaign;

/// <summary>Many cases, some at a time; each in a world of its own, on a thread of its own, so that none knows of another.</summary>
/// <param name="cases">In the order of their seeds.</param>
/// <param name="jobs">How many at a time, ≥ 1.</param>
/// <param name="told">Told of each result, in that order.</param>
/// <param name="play">Runs a case, in the place of <see cref="TortureRun"/>.</param>
/// <param name="longest">In the place of <see cref="CaseWatch.Longest"/>.</param>
public sealed class TortureCampaign(IEnumerable<TortureCase> cases, int jobs, Action<TortureResult>? told = null, Func<TortureCase, TortureResult>? play = null, TimeSpan? longest = null)
{
    private readonly CaseWatch _watch = new(longest ?? CaseWatch.Longest);
    private readonly SortedDictionary<long, TortureResult> _early = [];
    private readonly Lock _lock = new();
    private long _next, _taken;
    private bool _isOver;

    /// <summary>The case that did not come to its end in time: nothing after it was run, and what it does on its thread goes on; <c>null</c>: each did.</summary>
    public TortureCase? Hung => _watch.Hung;

    /// <summary>Runs them all, or until <paramref name="stop"/>, but for the first, so that there is something to tell, or until one does not come to its end in time.</summary>
    public CampaignTotals Run(CancellationToken stop)
    {
        var totals = new CampaignTotals();
        using var source = cases.GetEnumerator();
        InvalidOperationException? failure = null;
        var threads = Enumerable.Range(0, jobs).Select(_ => new Thread(() =>
        {
            using var stage = new Stage();
            while ((!stop.IsCancellationRequested || Volatile.Read(ref _taken) == 0) && Volatile.Read(ref failure) is null && Hung is null && Take(source) is var (number, next))
            {
                try
                {
                    using var watched = _watch.Over(next);
                    Add(totals, number, play is null ? TortureRun.Of(next, stage) : play(next));
                }
                catch (Exception error)
                {
                    Interlocked.CompareExchange(ref failure, new InvalidOperationException($"the torture itself failed, with seed {next.Seed}: {error}", error), null);
                }
            }
        }) { IsBackground = true }).ToArray();
        foreach (var thread in threads)
            thread.Start();
        _watch.Wait(threads);
        return failure is null ? Close(totals) : throw failure;
    }

    /// <summary>Whoever is late is not heard any more; what was seen after a case that has not come to its end counts all the same.</summary>
    private CampaignTotals Close(CampaignTotals totals)
    {
        lock (_lock)
        {
            _isOver = true;
            foreach (var result in _early.Values)
                Take(totals, result);
            return totals;
        }
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
            if (_isOver)
                return;
            _early[number] = result;
            while (_early.Remove(_next, out var due))
            {
                Take(totals, due);
                _next++;
            }
        }
    }

    private void Take(CampaignTotals totals, TortureResult result)
    {
        totals.Add(result);
        told?.Invoke(result);
    }
}
