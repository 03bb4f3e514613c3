using System.Diagnostics;
using System.Globalization;
using Asha.Actors.Execution;
using Asha.Core.Experiments;

namespace Asha.Actors.Tests.Execution;

/// <summary>When an attempt has ended, everything that it started is gone: children, orphans, whatever made a session of its own.</summary>
public sealed class LeftoverTests : IDisposable
{
    /// <summary>Ignores SIGTERM and hangup, is a session of its own, and holds the trial's standard output open.</summary>
    private const string Stubborn = """
        setsid bash -c 'trap "" TERM HUP; echo "@asha {\"resource\": 1, \"metric\": $$}"; while :; do sleep 100; done' &

        """;

    private readonly TrialSandbox _box = new();

    public void Dispose() => _box.Dispose();

    [Fact]
    public async Task A_grandchild_in_its_own_session_that_ignores_SIGTERM_is_gone_when_the_trial_was_stopped()
    {
        using var stop = new CancellationTokenSource();
        var run = _box.RunBash(Stubborn + "read -r", stop: stop.Token);
        var pid = (int)(await _box.NextReport()).Metric;
        Assert.NotEmpty(_box.Left());
        await stop.CancelAsync();
        Assert.Equal(EndingCause.Stopped, (await run).Cause);
        AssertGone(pid);
    }

    [Fact]
    public async Task It_is_gone_when_its_parent_exits_by_itself_and_delays_nothing()
    {
        var started = Stopwatch.GetTimestamp();
        // The parent waits for the child to have begun, so that there is something to leave behind.
        var ending = await _box.RunBash("mkfifo f; exec 3<>f\n" + Stubborn.Replace("trap", "echo >&3; trap") + "read -r <&3; exit 4");
        Assert.Equal(EndingCause.Exit, ending.Cause);
        // Nothing of its group is left, so there is no SIGTERM with its 5 s, and the open pipe holds nobody up.
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(4));
        foreach (var report in _box.Reports)
            AssertGone((int)report.Metric);
        Assert.Empty(_box.Left());
    }

    [Fact]
    public async Task What_stays_in_the_group_gets_SIGTERM_and_time_to_finish()
    {
        var ending = await _box.RunBash("""
            mkfifo f; exec 3<>f
            bash -c 'trap "echo finished >&2; exit" TERM; echo >&3; while :; do read -r -t 100; done' <&0 > /dev/null &
            read -r <&3
            echo '@asha {"resource": 9, "metric": 1}'
            """);
        Assert.Equal(new TrialEnding(EndingCause.Exited), ending);
        Assert.Contains("finished\n", _box.Log());
    }

    [Fact]
    public async Task What_stays_in_the_group_and_ignores_SIGTERM_is_killed_after_the_grace()
    {
        var run = _box.RunBash("""
            bash -c 'trap "echo \"@asha {\\\"resource\\\": 2, \\\"metric\\\": 1}\"" TERM; echo "@asha {\"resource\": 1, \"metric\": $$}"; while :; do read -r -t 100; done' <&0 &
            exit 0
            """);
        var pid = (int)(await _box.NextReport()).Metric;
        await _box.NextReport();
        Assert.False(run.IsCompleted);
        _box.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(EndingCause.Exited, (await run).Cause);
        AssertGone(pid);
    }

    [Fact]
    public async Task A_reader_of_the_output_may_finish_after_the_trial()
    {
        await _box.RunBash("""
            exec > >(sed -u 's/^/piped: /')
            echo last words
            """);
        Assert.Contains("piped: last words\n", _box.Log());
    }

    [Fact]
    public async Task A_tree_of_processes_in_many_sessions_is_gone()
    {
        using var stop = new CancellationTokenSource();
        _box.Script("""
            #!/bin/bash
            [ "$1" = 0 ] || for i in 1 2 3; do setsid ./tree.sh $(($1 - 1)) & done
            echo '@asha {"resource": 1, "metric": 1}'
            wait; read -r
            """, "tree.sh");
        var run = _box.RunBash("exec ./tree.sh 3", stop: stop.Token);
        for (var n = 0; n < 40; n++)
            await _box.NextReport();
        await stop.CancelAsync();
        await run;
        Assert.Empty(_box.Left());
    }

    [Fact]
    public async Task A_trial_that_ignores_the_end_of_its_input_is_found_by_the_next_Asha()
    {
        var run = _box.RunBash(Stubborn + "read -r");
        var pid = (int)(await _box.NextReport()).Metric;

        var other = ProcessSweeper.EndAll(_box.Token[..^1]);
        Assert.Equal((true, true, 0), (other.IsSupported, other.IsComplete, other.Ended.Count));
        var swept = ProcessSweeper.EndAll(_box.Token);
        Assert.True(swept.IsSupported && swept.IsComplete);
        Assert.Contains(new SweptProcess(pid, 0, 1), swept.Ended);
        AssertGone(pid);
        Assert.Equal(EndingCause.Crash, (await run).Cause);
    }

    /// <summary>A zombie is gone: where process 1 collects none (containers) it stays in the list for ever.</summary>
    private static void AssertGone(int pid)
    {
        var stat = $"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/stat";
        try
        {
            Assert.Contains(") Z ", File.ReadAllText(stat));
        }
        catch (IOException)
        {
            // no such process
        }
    }
}
