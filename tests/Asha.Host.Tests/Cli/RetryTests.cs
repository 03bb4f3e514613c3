namespace Asha.Host.Tests.Cli;

/// <summary>Retries of real processes: what a fault is called, how often it is tried, and after what wait.</summary>
public sealed class RetryTests
{
    /// <summary>It is the trial that the kernel is to choose. <c>tail</c> keeps the last line, and this one never ends.</summary>
    private const string EatsMemory = "echo eating; echo 1000 > /proc/self/oom_score_adj; exec tail /dev/zero";

    [CgroupFact]
    public async Task What_the_kernel_kills_for_lack_of_memory_is_out_of_memory_and_tried_as_often_as_that_is()
    {
        var (cgroup, why) = MemoryCgroup.Create(1L << 29);
        using var cage = cgroup ?? throw new InvalidOperationException(why);
        using var box = new CliSandbox($"[ $trial = 1 ] || {{ save $target $trial; exit; }}; {EatsMemory}");
        using var process = box.StartShell($"echo $$ > {cage.Join}; asha tune tiny.yaml --plain --set scheduler.trials=3 --set slots=1 --set trial.max-attempts=5 --set trial.max-attempts-by-fault.out-of-memory=2 --set trial.retry-back-off=100ms");
        (await process.EndAsync()).Exits(0);

        var failed = box.Events("attempt-failed");
        Assert.Equal(["out-of-memory", "out-of-memory"], failed.Select(happened => happened.GetProperty("cause").GetString()));
        Assert.Equal([false, true], failed.Select(happened => happened.GetProperty("last").GetBoolean()));
        Assert.StartsWith("SIGKILL: the kernel killed it, as there was no memory left\n", failed[0].GetProperty("detail").GetString());
        Assert.Contains("=== ended: out-of-memory, SIGKILL: the kernel killed it", box.Log(1));
        Assert.InRange(failed[0].GetProperty("backOff").GetDouble(), .09, .11);
    }

    [Fact]
    public async Task A_signal_from_elsewhere_is_a_crash()
    {
        using var box = new CliSandbox("[ $trial.$attempt = 1.1 ] && kill -KILL $$; save $target $trial");
        (await box.Tune("scheduler.trials=3", "trial.retry-back-off=0s", "trial.max-attempts-by-fault={out-of-memory: 1}")).Exits(0);
        Assert.Equal(("crash", false), Assert.Single(box.Events("attempt-failed")) is var failed ? (failed.GetProperty("cause").GetString(), failed.TryGetProperty("backOff", out _)) : default);
        Assert.Empty(box.Events("retry-due"));
    }

    [Fact]
    public async Task A_job_waits_out_its_back_off_while_its_slot_works_and_the_run_is_decided_again()
    {
        using var box = new CliSandbox("[ $trial.$attempt = 0.1 -o $trial.$attempt = 0.2 ] && { echo no such file; exit 3; }; save $target $trial");
        (await box.Tune("slots=1", "trial.retry-back-off={first: 300ms, factor: 3, most: 5s, jitter: 0.5}")).Exits(0);

        var events = box.Events();
        var failed = box.Events("attempt-failed");
        var due = box.Events("retry-due");
        Assert.Equal((2, 2), (failed.Count, due.Count));
        foreach (var ((before, wait), after) in failed.Select(happened => happened.GetProperty("time").GetDouble()).Zip(failed.Select(happened => happened.GetProperty("backOff").GetDouble())).Zip(due.Select(happened => happened.GetProperty("time").GetDouble())))
            Assert.InRange(after, before + wait, before + wait + 5);
        Assert.InRange(failed[0].GetProperty("backOff").GetDouble(), .15, .45);
        Assert.InRange(failed[1].GetProperty("backOff").GetDouble(), .45, 1.35);
        // Others were trained meanwhile, on the only slot.
        var (from, to) = (events.ToList().FindIndex(happened => CliSandbox.KindOf(happened).StartsWith("attempt-failed")), events.ToList().FindIndex(happened => CliSandbox.KindOf(happened).StartsWith("retry-due")));
        Assert.Contains(events.Skip(from).Take(to - from), happened => CliSandbox.KindOf(happened).StartsWith("job-started"));

        var again = (await box.Asha("replay", box.Run, "--json")).Exits(0).Json();
        Assert.Equal(System.Text.Json.JsonValueKind.Null, again.GetProperty("difference").ValueKind);
        var why = (await box.Asha("why", box.Run, "0")).Exits(0).Out;
        Assert.Contains("failed: exit, and is tried again 0.", why);
        // Without waiting, and with a single try: the same recording, decided otherwise.
        (await box.Asha("replay", box.Run, "--with", "retry-back-off=0s", "--report", box.In("none.html"))).Exits(0);
        (await box.Asha("replay", box.Run, "--with", "max-attempts-by-fault={crash: 1}", "--report", box.In("one.html"))).Exits(0);
    }

    [Fact]
    public async Task Nothing_else_to_do_is_idle_by_the_back_off()
    {
        using var box = new CliSandbox("[ $attempt = 1 ] && exit 3; save $target $trial");
        var run = (await box.Tune("slots=1", "scheduler.trials=1", "trial.retry-back-off={first: 2s, jitter: 0}")).Exits(0);
        var shown = (await box.Asha("show", box.Run)).Exits(0).Out;
        Assert.Matches(@"idle, retry-back-off: (1\.9|2\.\d)\d slot-seconds", shown);
    }

    [Fact]
    public async Task Ten_trials_that_all_fail_end_a_run_of_many_and_what_the_last_one_printed_is_the_error()
    {
        using var box = new CliSandbox("echo reading the data; echo \"data/train.npz: no such file, says trial $trial\" >&2; exit 3");
        var result = (await box.Tune("scheduler.trials=64", "slots=8", "trial.retry-back-off=50ms")).Exits(1);

        Assert.Equal(("stopped", "the first 10 trials all failed"), box.Events("experiment-ended")[0] is var ended ? (ended.GetProperty("outcome").GetString(), ended.GetProperty("reason").GetString()) : default);
        Assert.Equal(10, box.Events("attempt-failed").Count(happened => happened.GetProperty("last").GetBoolean()));
        var last = box.Events("attempt-failed").Last(happened => happened.GetProperty("last").GetBoolean()).GetProperty("trial").GetInt32();
        Assert.Contains($"asha: 10 trials failed for good and none has a result. Trial {last} failed at the last: exit\n  exit code 3\n", result.Error);
        Assert.Contains($"\n  data/train.npz: no such file, says trial {last}\n", result.Error);
        Assert.Contains($"logs/trial-{last:D6}.log\n", result.Error);
    }

    [Fact]
    public async Task Of_fewer_trials_all_are_tried_and_the_error_is_the_same()
    {
        using var box = new CliSandbox("echo the disk is full; exit 3");
        var result = (await box.Tune("scheduler.trials=3", "trial.max-attempts=1")).Exits(1);
        Assert.Equal("every trial failed", box.Events("experiment-ended")[0].GetProperty("reason").GetString());
        Assert.Contains("asha: 3 trials failed for good and none has a result.", result.Error);
        Assert.Contains("\n  the disk is full\n", result.Error);
    }
}
