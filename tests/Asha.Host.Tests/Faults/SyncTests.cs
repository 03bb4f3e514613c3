using System.Diagnostics;
using System.Text.RegularExpressions;
using Asha.Host.Tests.Cli;

namespace Asha.Host.Tests.Faults;

/// <summary>
/// What counts is on the disk, also after a power cut: a real run is watched with strace. Each event is first in a write to the journal, then comes a sync of that file which begins after the write has ended, and only after the sync has ended is anything done that
/// rests on the event: its line in <c>events.jsonl</c>, which is written when acknowledgements are let out, and the process of a trial that it starts.
/// </summary>
public sealed class SyncTests
{
    [Fact]
    public async Task A_sync_comes_before_each_acknowledgement_and_each_start()
    {
        using var box = new CliSandbox();
        var trace = box.In("trace");
        var asha = AshaProcess.Info("tune", "tiny.yaml", "--json", "--set", "slots=1");
        string[] watch = ["-f", "-y", "-s", "1000000", "--seccomp-bpf", "-e", "trace=fsync,fdatasync,write,pwrite64,writev,pwritev,execve", "-e", "signal=none", "-o", trace];
        using var run = box.Start(new ProcessStartInfo(Strace(), [.. watch, asha.FileName, .. asha.ArgumentList]));
        (await run.EndAsync()).Exits(0);
        var calls = DiskTrace.Read(trace);
        var written = Written(calls);
        var events = box.Events();
        Assert.InRange(events.Count, 40, 200);

        // The copy: every line of it.
        var copied = calls.Where(call => call.IsOn("events.jsonl") && call.Name.Contains("write")).SelectMany(call => DiskTrace.ChecksIn(call).Select(check => (check, call.Began))).ToList();
        Assert.Equal(events.Select(happened => happened.GetProperty("check").GetString()), copied.Select(line => line.check));
        Assert.DoesNotContain(copied, line => !IsSynced(calls, written, line.check, line.Began));
        Assert.True(copied.Count(line => written.ContainsKey(line.check)) > .8 * copied.Count);
        // The starts: one slot, so the processes come in the order of their events.
        var started = events.Where(happened => CliSandbox.KindOf(happened) == "job-started.1").Select(happened => happened.GetProperty("check").GetString()!).ToList();
        var processes = calls.Where(call => call is { Name: "execve", Result: "0" } && Regex.IsMatch(call.Arguments, @"^""[^""]*/bash"", \[""[^""]*bash"", ""trial\.sh""\]")).Select(call => call.Began).ToList();
        Assert.Equal(started.Count, processes.Count);
        Assert.DoesNotContain(started.Zip(processes), pair => !IsSynced(calls, written, pair.First, pair.Second));
    }

    /// <summary>For each check, when the write to the journal's log that has it had ended. One that lies across two pages is not to be seen in either; few do.</summary>
    private static Dictionary<string, int> Written(IReadOnlyList<TracedCall> calls)
    {
        var written = new Dictionary<string, int>();
        foreach (var call in calls.Where(call => call.IsOn("journal.db-wal") && call.Name.Contains("write")))
        {
            // A page is written again with each entry that is added to it.
            foreach (var check in DiskTrace.ChecksIn(call))
                written.TryAdd(check, call.Ended);
        }
        return written;
    }

    private static bool IsSynced(IReadOnlyList<TracedCall> calls, Dictionary<string, int> written, string check, int at)
    {
        if (!written.TryGetValue(check, out var ended))
            return true;
        return calls.Any(call => call.Name is "fsync" or "fdatasync" && call.IsOn("journal.db-wal") && call.Began > ended && call.Ended < at);
    }

    private static string Strace()
    {
        using var script = Process.Start(new ProcessStartInfo("bash", [Path.Combine(AppContext.BaseDirectory, "strace.sh")]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = script.StandardError.ReadToEndAsync();
        var path = script.StandardOutput.ReadToEnd().Trim();
        script.WaitForExit();
        Assert.True(script.ExitCode == 0, said.Result);
        return path;
    }
}
