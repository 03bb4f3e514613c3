namespace Asha.Host.Tests.Cli;

/// <summary><c>trial.limits</c>: what the kernel lets a trial have, and what is said of one that wanted more.</summary>
public sealed class LimitTests
{
    [Fact]
    public async Task What_a_trial_takes_beyond_its_limits_ends_it_and_the_failure_says_which_they_were()
    {
        using var box = new CliSandbox("""
            [ "$(ulimit -n) $(ulimit -u)" = "64 5000" ] || exit 9
            case $trial in
              0) all=1234567890; while :; do all=$all$all; done ;; # Out of memory long before it is out of time.
              1) while :; do :; done ;;
            esac
            save $target $trial
            """);
        var tuned = (await box.Tune("scheduler.trials=3", "trial.max-attempts=1", "trial.limits={memory: 64MiB, open-files: 64, processes: 5000, cpu-seconds: 3}")).Exits(0);
        Assert.Equal(2, tuned.Json().GetProperty("best").GetProperty("trial").GetInt32());
        var failed = box.Events("attempt-failed").ToDictionary(happened => happened.GetProperty("trial").GetInt32());
        Assert.Equal([0, 1], failed.Keys.Order());
        Assert.Equal("out-of-memory", failed[0].GetProperty("cause").GetString());
        Assert.Contains("; trial.limits: memory 64MiB, open-files 64, processes 5000, cpu-seconds 3\n", failed[0].GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("time-limit", failed[1].GetProperty("cause").GetString());
        Assert.StartsWith("used more than 3 s of CPU time (trial.limits.cpu-seconds)", failed[1].GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limits_that_cannot_be_set_are_no_riddle()
    {
        using var box = new CliSandbox();
        var tuned = await box.Tune("scheduler.trials=1", "trial.max-attempts=1", "trial.limits.open-files=1000000000");
        Assert.Equal(1, tuned.Code);
        Assert.Contains("trial.limits (open-files 1000000000): failed to set the NOFILE resource limit", tuned.Error, StringComparison.Ordinal);
    }
}
