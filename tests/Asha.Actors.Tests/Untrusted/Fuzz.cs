using System.Globalization;

namespace Asha.Untrusted;

/// <summary>The law of all fuzzing: a result or an error of the documented kind, in a bounded time and with memory in proportion to the input.</summary>
internal static class Fuzz
{
    /// <summary>How many times as many cases as in every build: <c>ASHA_FUZZ=100 dotnet test --filter Untrusted</c>.</summary>
    private static readonly int _times = int.TryParse(Environment.GetEnvironmentVariable("ASHA_FUZZ"), NumberStyles.None, CultureInfo.InvariantCulture, out var times) ? Math.Max(1, times) : 1;

    /// <summary>Of the thread's own processor time, so that it says the same on a machine that others use too; what hangs, hangs for longer.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    public static int Cases(int everyBuild) => everyBuild * _times;

    /// <summary>Runs one case; any exception but those that <paramref name="read"/> catches itself is the test's to fail by.</summary>
    /// <param name="input">Bytes of the input.</param>
    /// <param name="read">What is done with it.</param>
    /// <param name="fixedBytes">What may be allocated for any input.</param>
    /// <param name="perByte">What may be allocated for each byte of it.</param>
    public static void Bounded(long input, Action read, long fixedBytes = 8 << 20, long perByte = 400)
    {
        var (allocated, start) = (GC.GetAllocatedBytesForCurrentThread(), ThreadTime.Now());
        var thread = Thread.CurrentThread;
        // A hang cannot be undone: the process ends with the name of the test on the stack.
        using var alarm = new Timer(_ => Environment.FailFast($"A case of {input} bytes has taken {3 * _patience} on thread {thread.ManagedThreadId}."), null, 3 * _patience, Timeout.InfiniteTimeSpan);
        read();
        var (took, used) = (ThreadTime.Now() - start, GC.GetAllocatedBytesForCurrentThread() - allocated);
        Assert.True(took < _patience, $"{input} bytes took {took}.");
        Assert.True(used <= fixedBytes + perByte * input, $"For {input} bytes {used} were allocated.");
    }
}
