using System.Diagnostics;

namespace Asha.Benchmarks.ClusterLoad;

/// <summary>People who look on: each asks a coordinator once a second, in turns for the list of runs and for one run.</summary>
/// <param name="apis">The coordinators; each client keeps to one.</param>
/// <param name="count">How many clients.</param>
internal sealed class PollingClients(IReadOnlyList<string> apis, int count)
{
    private static readonly TimeSpan _every = TimeSpan.FromSeconds(1);

    private readonly List<float> _list = [], _show = [];
    private int _failed;

    /// <summary>How long answers took, in ms, in order: lists, and runs.</summary>
    public (float[] List, float[] Show, int Failed) Answers => ([.. _list.Order()], [.. _show.Order()], _failed);

    /// <summary>Polls until told to stop.</summary>
    /// <param name="runs">Those that are asked about, in turns.</param>
    /// <param name="stop">Ends it.</param>
    public Task PollAsync(IReadOnlyList<string> runs, CancellationToken stop) => Task.WhenAll(Enumerable.Range(0, count).Select(number => PollAsync(number, runs, stop)));

    private async Task PollAsync(int number, IReadOnlyList<string> runs, CancellationToken stop)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        var api = apis[number % apis.Count];
        // Not all in the same moment.
        await Task.Delay(_every * number / count, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        using var timer = new PeriodicTimer(_every);
        for (var turn = number; !stop.IsCancellationRequested; turn++)
        {
            var isList = turn % 2 == 0;
            var begun = Stopwatch.GetTimestamp();
            using var answer = await http.GetAsync(isList ? $"{api}/v1/experiments?limit=100" : $"{api}/v1/experiments/{runs[turn % runs.Count]}", CancellationToken.None);
            await answer.Content.ReadAsByteArrayAsync(CancellationToken.None);
            var took = (float)Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
            lock (_list)
            {
                (isList ? _list : _show).Add(took);
                _failed += answer.IsSuccessStatusCode ? 0 : 1;
            }
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
