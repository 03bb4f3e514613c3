using Asha.Core.Experiments;

namespace Asha.Actors.Tests.Execution;

/// <summary>The table "How a trial ends" of docs/trial-protocol.md, row by row, with real processes.</summary>
public sealed class TrialEndingTests : IDisposable
{
    private const string Result = """
        echo '@asha {"resource": 9, "metric": 0.5}'

        """;

    private const string Ready = """
        echo '@asha {"resource": 1, "metric": 1}'

        """;

    /// <summary>No child that would have to be ended too: bash itself waits, for input that never comes.</summary>
    private const string Wait = "read -r\n";

    private readonly TrialSandbox _box = new();

    public void Dispose() => _box.Dispose();

    [Fact]
    public async Task Exit_0_with_a_result()
    {
        Assert.Equal(new TrialEnding(EndingCause.Exited), await _box.RunBash(Result));
        Assert.Equal([new TrialReport(9, 0.5)], _box.Reports);
    }

    [Fact]
    public async Task Any_exit_after_the_result()
    {
        Assert.Equal(new TrialEnding(EndingCause.Exited, "exit code 3 after its result"), await _box.RunBash(Result + "exit 3"));
        Assert.Equal(new TrialEnding(EndingCause.Exited, "SIGSEGV after its result"), await _box.RunBash(Result + "kill -SEGV $$"));
        Assert.Contains("exit code 3 after its result", _box.Log());
    }

    [Fact]
    public async Task Still_running_10_s_after_its_result()
    {
        var run = _box.RunBash(Result + Wait);
        await _box.NextReport();
        _box.Clock.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(run.IsCompleted);
        _box.Clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(new TrialEnding(EndingCause.Exited, "ended after its result"), await run);
    }

    [Fact]
    public async Task What_comes_after_the_result_is_ignored()
    {
        await _box.RunBash(Result + """
            echo '@asha {"resource": 10, "metric": 0.1}'
            echo '@asha nonsense'
            """);
        Assert.Single(_box.Reports);
    }

    [Fact]
    public async Task Exit_0_without_a_result()
        => Assert.Equal(new TrialEnding(EndingCause.Exited), await _box.RunBash("""echo '@asha {"resource": 8.9, "metric": 1}'"""));

    [Fact]
    public async Task Exit_0_after_reports_that_were_rejected()
    {
        Assert.Equal(EndingCause.Exited, (await _box.RunBash("""echo '@asha {"resource": 9}'""")).Cause);
        Assert.Equal([TrialReport.Rejected("metric is missing")], _box.Reports);
        Assert.Contains("""rejected, metric is missing: @asha {"resource": 9}""", _box.Log());
        Assert.EndsWith("\n=== ended: bad-report ===\n", _box.Log());
    }

    [Fact]
    public async Task Another_exit_code()
    {
        var ending = await _box.RunBash("""
            for i in 1 2 3 4 5 6; do echo "line $i"; done
            printf '\e[31mred\e[0m\n10%%\r100%%\n' >&2
            exit 3
            """);
        Assert.Equal(EndingCause.Exit, ending.Cause);
        Assert.StartsWith("exit code 3\n", ending.Detail);
        // Two pipes have no order between them, so only the set of the lines is certain.
        Assert.Equal(6, ending.Detail.Split('\n').Length);
        Assert.DoesNotContain('\e', ending.Detail);
        Assert.Contains("\e[31mred", _box.Log());
    }

    [Theory]
    [InlineData("SEGV")]
    [InlineData("KILL")]
    [InlineData("TERM")]
    [InlineData("ABRT")]
    public async Task Ended_by_a_signal_that_Asha_did_not_send(string signal)
    {
        var ending = await _box.RunBash($"ulimit -c 0\necho last words\nkill -{signal} $$\n" + Wait);
        Assert.Equal(new TrialEnding(EndingCause.Crash, $"SIG{signal}\nlast words"), ending);
    }

    [Fact]
    public async Task Longer_than_its_time_limit()
    {
        var run = _box.Run(_box.Bash(Ready + Wait) with { TimeLimit = TimeSpan.FromMinutes(10) });
        await _box.NextReport();
        _box.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(new TrialEnding(EndingCause.TimeLimit, "ran longer than 00:10:00"), await run);
    }

    [Fact]
    public async Task Nothing_printed_for_its_silence_limit()
    {
        var go = Path.Combine(_box.Scripts, "go");
        await Fifo(go);
        var run = _box.Run(_box.Bash(Ready + $"""
            read -r < {go}
            echo '@asha {Report(2)}'
            read -r
            """) with { SilenceLimit = TimeSpan.FromMinutes(10) });

        await _box.NextReport();
        _box.Clock.Advance(TimeSpan.FromMinutes(9));
        await File.WriteAllTextAsync(go, "\n");
        await _box.NextReport();
        // 18 minutes after its start, but 9 after what it printed last.
        _box.Clock.Advance(TimeSpan.FromMinutes(9));
        Assert.False(run.IsCompleted);
        _box.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(EndingCause.Silence, (await run).Cause);
    }

    [Fact]
    public async Task Limits_do_not_count_after_the_result()
    {
        var spec = _box.Bash(Result + Wait) with { TimeLimit = TimeSpan.FromSeconds(5), SilenceLimit = TimeSpan.FromSeconds(5) };
        var run = _box.Run(spec);
        await _box.NextReport();
        _box.Clock.Advance(TimeSpan.FromSeconds(9));
        Assert.False(run.IsCompleted);
        _box.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(EndingCause.Exited, (await run).Cause);
    }

    [Fact]
    public async Task The_checkpoint_to_resume_from_is_gone()
    {
        var launch = TrialSandbox.Launch(attempt: 2) with { Resume = new CheckpointRef(1, "epoch-3", 3), Start = 3 };
        var ending = await _box.RunBash("touch started", launch);
        Assert.Equal(new TrialEnding(EndingCause.CheckpointMissing, "it is gone"), ending);
        Assert.False(File.Exists(Path.Combine(_box.Scripts, "started")));
    }

    [Fact]
    public async Task The_run_was_stopped()
    {
        using var stop = new CancellationTokenSource();
        var run = _box.RunBash(Ready + Wait, stop: stop.Token);
        await _box.NextReport();
        await stop.CancelAsync();
        Assert.Equal(new TrialEnding(EndingCause.Stopped), await run);
    }

    [Fact]
    public async Task Stopped_before_its_start_nothing_is_started()
    {
        Assert.Equal(EndingCause.Stopped, (await _box.RunBash("touch started", stop: new CancellationToken(true))).Cause);
        Assert.False(File.Exists(Path.Combine(_box.Scripts, "started")));
    }

    [Fact]
    public async Task Stopped_at_any_moment_of_its_start_it_is_gone()
    {
        // The stop falls before, into and after the moment in which setsid makes the group.
        for (var turns = 0; turns < 40; turns++)
        {
            using var stop = new CancellationTokenSource();
            var run = _box.RunBash(Wait, stop: stop.Token);
            for (var spin = 0; spin < turns * 20; spin++)
                await Task.Yield();
            await stop.CancelAsync();
            Assert.Equal(EndingCause.Stopped, (await run).Cause);
            Assert.Empty(_box.Left());
        }
    }

    [Fact]
    public async Task SIGTERM_lets_a_trial_finish_its_work()
    {
        using var stop = new CancellationTokenSource();
        var run = _box.RunBash("trap 'echo saved; exit 0' TERM\n" + Ready + "while :; do read -r -t 1; done", stop: stop.Token);
        await _box.NextReport();
        await stop.CancelAsync();
        Assert.Equal(EndingCause.Stopped, (await run).Cause);
        Assert.Contains("saved\n", _box.Log());
    }

    [Fact]
    public async Task SIGKILL_comes_5_s_after_a_SIGTERM_that_was_ignored()
    {
        using var stop = new CancellationTokenSource();
        var run = _box.RunBash($"""
            trap 'echo "@asha {Report(2).Replace("\"", "\\\"")}"' TERM
            {Ready}
            while :; do read -r -t 1; done
            """, stop: stop.Token);
        await _box.NextReport();
        await stop.CancelAsync();
        await _box.NextReport();
        _box.Clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(run.IsCompleted);
        _box.Clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(EndingCause.Stopped, (await run).Cause);
    }

    private static string Report(int resource) => $$"""{"resource": {{resource}}, "metric": 1}""";

    private static Task Fifo(string path) => System.Diagnostics.Process.Start("mkfifo", [path]).WaitForExitAsync();
}
