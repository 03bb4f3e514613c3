using Asha.Actors.Execution;
using Asha.Core.Experiments;

namespace Asha.Actors.Tests.Execution;

public sealed class TrialOutputTests : IDisposable
{
    private readonly TrialSandbox _box = new();

    public void Dispose() => _box.Dispose();

    [Fact]
    public async Task Reports_come_in_order_and_everything_else_goes_to_the_log()
    {
        await _box.RunBash("""
            echo hello
            echo '@asha {"resource": 1, "metric": 0.9, "other": [1]}'
            echo '@asha {"resource": 2}'
            echo '@asha {"resource": 3, "metric": NaN}'
            echo ' @asha {"resource": 4, "metric": 1}'
            printf '\xff\xfe\x00 bytes\n'
            echo '@asha {"resource": 3, "metric": 1}'
            echo '@asha garbage'
            echo oops >&2
            """);
        Assert.Equal(
        [
            new TrialReport(1, 0.9), TrialReport.Rejected("metric is missing"), new TrialReport(3, double.NaN),
            // That a resource does not rise is for the experiment to see: the line by itself is a report.
            new TrialReport(3, 1), TrialReport.Rejected("not one JSON object"),
        ], _box.Reports);
        Assert.Contains("hello\n", _box.Log());
        Assert.Contains("oops\n", _box.Log());
        Assert.Contains("\n @asha {\"resource\": 4, \"metric\": 1}\n", _box.Log());
        Assert.DoesNotContain("NaN", _box.Log());
    }

    [Fact]
    public async Task A_last_line_needs_no_newline()
    {
        var ending = await _box.RunBash("""printf 'log'; printf 'more' >&2; printf '\n@asha {"resource": 9, "metric": 1}'""");
        Assert.Equal(EndingCause.Exited, ending.Cause);
        Assert.Equal([new TrialReport(9, 1)], _box.Reports);
        Assert.EndsWith("\n=== ended: completed ===\n", _box.Log());
    }

    [Fact]
    public async Task Attempts_share_a_log_each_under_its_heading()
    {
        await _box.RunBash("echo first; exit 1");
        await _box.RunBash("echo second", TrialSandbox.Launch(attempt: 2));
        Assert.Equal("""
            === attempt 1, 2026-11-24 10:15:00Z, resource 0 to 9 ===
            first
            === ended: exit, exit code 1 ===
            === attempt 2, 2026-11-24 10:15:00Z, resource 0 to 9 ===
            second
            === ended: no-result ===

            """, _box.Log());
    }

    [Fact]
    public async Task A_fault_of_the_callback_does_not_hold_up_the_trial_and_is_not_hidden()
    {
        var script = _box.Bash("""
            echo '@asha {"resource": 1, "metric": 1}'
            head -c 1000000 /dev/zero
            touch done
            """);
        await Assert.ThrowsAsync<InvalidOperationException>(() => _box.Runner(script).RunAsync(
            TrialSandbox.Launch(), _ => throw new InvalidOperationException(), CancellationToken.None));
        Assert.True(File.Exists(Path.Combine(_box.Scripts, "done")));
    }

    [Fact]
    public async Task A_program_in_Python_reports_as_its_json_writes()
    {
        var python = ProgramPath.Find("python3", "/", Environment.GetEnvironmentVariable("PATH"), out _);
        if (python is null)
            return;
        var ending = await _box.Run(new TrialSpec
        {
            Command = [python, _box.Script("""
                import json, math, os
                for epoch, metric in enumerate([0.5, math.nan, math.inf, -math.inf, 1e-300], 1):
                    open(os.environ["ASHA_CHECKPOINT_DIR"] + f"/épochè-{epoch}", "w").close()
                    print("@asha", json.dumps({"resource": epoch, "metric": metric, "checkpoint": f"épochè-{epoch}", "loss": math.nan}), flush=True)
                """, "train.py")],
            Directory = _box.Scripts,
        }, TrialSandbox.Launch(target: 5));
        Assert.Equal(new TrialEnding(EndingCause.Exited), ending);
        Assert.Equal([0.5, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1e-300], _box.Reports.Select(report => report.Metric));
        Assert.Equal("épochè-5", _box.Reports.Last().Checkpoint);
    }
}
