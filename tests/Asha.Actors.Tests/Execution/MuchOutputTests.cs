using System.Diagnostics;
using Asha.Core.Experiments;

namespace Asha.Actors.Tests.Execution;

/// <summary>Not beside other tests, whose memory and time would be counted too.</summary>
[CollectionDefinition(nameof(MuchOutputTests), DisableParallelization = true)]
[Collection(nameof(MuchOutputTests))]
public sealed class MuchOutputTests : IDisposable
{
    private readonly TrialSandbox _box = new();

    public void Dispose() => _box.Dispose();

    [Theory]
    [InlineData("head -c 100000000 /dev/zero")] // no newline at all
    [InlineData("yes | head -c 100000000")] // nothing but newlines
    [InlineData("yes | head -c 50000000 >&2 & head -c 50000000 /dev/zero; wait")] // both at once
    [InlineData("printf '@asha '; head -c 100000000 /dev/zero; echo")] // a report without end
    public async Task A_hundred_million_bytes_neither_fill_the_memory_nor_slow_the_trial(string output)
    {
        var before = GC.GetTotalAllocatedBytes();
        var start = Stopwatch.GetTimestamp();
        var ending = await _box.RunBash(output + "\necho\necho '@asha {\"resource\": 9, \"metric\": 1}'");
        Assert.Equal(EndingCause.Exited, ending.Cause);
        Assert.Equal(new TrialReport(9, 1), _box.Reports.Last());
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 20);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 5_000_000);
        Assert.InRange(new FileInfo(Path.Combine(_box.RunFolder, "logs", "trial-000000.log")).Length, 0, 1 << 20);
    }
}
