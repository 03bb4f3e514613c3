using System.Diagnostics;
using System.Reflection;

namespace Asha.Host.Tests.Cli;

/// <summary>A handful of real crashes; the long form is <c>dotnet run --project tests/Asha.Crashes -- --kills 200 --seed 1</c> (docs/reliability.md).</summary>
public sealed class CrashTests
{
    [Fact]
    public async Task Whatever_is_killed_nothing_is_lost_or_counted_twice()
    {
        using var box = new CliSandbox();
        var crashes = typeof(CrashTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == "Crashes").Value!;
        // Other instants each time, by the day: a failure prints the seed that repeats them.
        var seed = (DateTime.UtcNow - DateTime.UnixEpoch).Days;
        using var run = box.Start(new ProcessStartInfo("dotnet", [crashes, "--kills", "6", "--most", "3", "--trials", "9", "--no-small-disk", "--seed", $"{seed}"]));
        var ended = (await run.EndAsync(TimeSpan.FromMinutes(4))).Exits(0);
        Assert.Contains("6 kills in ", ended.Out);
        Assert.Contains("; 0 things are wrong", ended.Out);
        box.NothingRuns();
    }
}
