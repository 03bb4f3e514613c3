using System.Diagnostics;

namespace Asha.Cluster.Tests.Harness;

/// <summary>Waits for what is to happen, as long as nothing here takes.</summary>
internal static class Waiting
{
    /// <summary>Between two looks no more time counts than this: the machine, or all of this, may have been stopped meanwhile.</summary>
    private static readonly TimeSpan _longestTurn = TimeSpan.FromSeconds(10);

    public static Task UntilAsync(string what, Func<bool> happened) => UntilAsync(what, () => Task.FromResult(happened()));

    public static async Task UntilAsync(string what, Func<Task<bool>> happened)
    {
        var waited = TimeSpan.Zero;
        for (var looked = Stopwatch.GetTimestamp(); !await happened(); await Task.Delay(100))
        {
            var turn = Stopwatch.GetElapsedTime(looked);
            looked = Stopwatch.GetTimestamp();
            waited += turn < _longestTurn ? turn : _longestTurn;
            if (waited > Member.Patience)
                throw new TimeoutException($"not within {Member.Patience.TotalSeconds:0} s: {what}");
        }
    }
}
