using System.Diagnostics;

namespace Asha.Cluster.Tests.Harness;

/// <summary>Waits for what is to happen, as long as nothing here takes.</summary>
internal static class Waiting
{
    public static Task UntilAsync(string what, Func<bool> happened) => UntilAsync(what, () => Task.FromResult(happened()));

    public static async Task UntilAsync(string what, Func<Task<bool>> happened)
    {
        for (var begun = Stopwatch.GetTimestamp(); !await happened(); await Task.Delay(100))
        {
            if (Stopwatch.GetElapsedTime(begun) > Member.Patience)
                throw new TimeoutException($"not within {Member.Patience.TotalSeconds:0} s: {what}");
        }
    }
}
