using System.Text.Json;

namespace Asha.Host.Tests.Cli;

/// <summary>Trials that fail in every way there is: the run goes on, counts them by cause, and says so.</summary>
public sealed class FaultTests
{
    [Fact]
    public async Task Every_way_to_fail_in_one_run()
    {
        using var box = new CliSandbox("""
            if ((target == 2)); then
              case $trial in
                1) exit 3;;
                2) report 2 NaN;;
                3) echo '@asha nonsense'; exit;;
                4) exit;;
                5) kill -SEGV $$;;
                6) report 1 5; report 1 4; report 0.5 3;;
                7) if ((attempt == 1)); then save 1 7; exit 1; fi;;
                8) echo '@asha {"resource": 2}';;
              esac
            fi
            save $target $trial
            """);
        var tuned = (await box.Tune("resource={name: epoch, min: 2, max: 18}", "trial.max-attempts=2")).Exits(0);
        var said = tuned.Json();

        Assert.Equal("completed", said.GetProperty("outcome").GetString());
        Assert.Equal(0, said.GetProperty("best").GetProperty("trial").GetInt32());
        var rungs = said.GetProperty("rungs").EnumerateArray().ToArray();
        Assert.Equal((9, 9), (Count(rungs[0], "started"), Count(rungs[0], "completed")));
        Assert.Equal(["bad-report 2", "crash 2", "exit 3", "no-result 2"], Failures(said));
        // Two lines of nonsense, a repetition, a step back, a report without a metric.
        Assert.Equal(5, Count(said, "rejectedReports"));

        // Failed for good, or diverged: a result that ranks last.
        var last = box.Events("attempt-failed").Where(failed => failed.GetProperty("last").GetBoolean()).Select(Trial);
        Assert.Equal([1, 3, 4, 5], last.Order());
        var states = box.Csv().ToDictionary(row => row["trial"], row => row["state"]);
        Assert.All(["1", "3", "4", "5"], trial => Assert.Equal("failed", states[trial]));
        Assert.Equal("stopped", states["2"]);
        Assert.DoesNotContain("paused", states.Values);
        Assert.Equal("", box.Csv()[2]["loss"]);
        Assert.All(box.Events("trial-promoted"), up => Assert.Contains(Trial(up), (int[])[0, 6, 7, 8]));
        Assert.Equal("2", box.Csv()[3]["rejected-reports"]);

        // The second attempt went on from the first one's checkpoint.
        Assert.Contains("attempt 2 from 1 to 2, resumes from 1\n", box.Log(7));

        Assert.Matches(@"trial 1 failed \(try 1 of 2, again in (0\.9|1|1\.1) s\): exit: exit code 3\n", tuned.Error);
        Assert.Contains("trial 5 failed for good: crash: SIGSEGV\n", tuned.Error);
        Assert.Contains("trial 6: a report was rejected: resource 1 does not rise: it was 1 already\n", tuned.Error);
        Assert.Contains("failed attempts: 3x exit, 2x bad-report, 2x crash, 2x no-result; trials that failed for good: 4; rejected reports: 5\n", tuned.Error);
        Assert.Contains("=== rejected, ", box.Log(3));
        box.NothingRuns();
    }

    [Fact]
    public async Task A_trial_that_is_killed_from_outside_is_tried_again()
    {
        using var box = new CliSandbox("""
            if ((trial == 1 && attempt == 1)); then echo $$ > pid; read -r; fi
            echo "retry reason: $ASHA_RETRY_REASON"
            save $target $trial
            """);
        using var asha = box.StartTune();
        await asha.Until(() => File.Exists(box.In("pid")) && File.ReadAllText(box.In("pid")).EndsWith('\n'), "the trial runs");
        Signals.Send(int.Parse(File.ReadAllText(box.In("pid"))), Signals.Kill);
        var said = (await asha.EndAsync()).Exits(0).Json();
        Assert.Equal(["crash 1"], Failures(said));
        Assert.Equal(9, Count(said.GetProperty("rungs")[0], "completed"));
        Assert.Contains("retry reason: crash\n", box.Log(1));
    }

    [Fact]
    public async Task Limits_of_time_and_of_silence()
    {
        using var box = new CliSandbox("""
            case $trial in
              1) sleep 1000;;
              2) while :; do echo busy; read -r -t 0.1; done;;
              *) save $target $trial;;
            esac
            """);
        var tuned = (await box.Tune("scheduler.trials=3", "trial.max-attempts=1", "trial.silence-limit=1s", "trial.time-limit=2s")).Exits(0);
        Assert.Equal(["silence 1", "time-limit 1"], Failures(tuned.Json()));
        Assert.Contains("trial 1 failed for good: silence: printed nothing for ", tuned.Error);
        Assert.Contains("trial 2 failed for good: time-limit: ran longer than ", tuned.Error);
        box.NothingRuns();
    }

    [Fact]
    public async Task A_checkpoint_that_is_gone_costs_its_work_and_no_try()
    {
        // In order on one slot: trial 8 is the last of the lowest rung.
        using var box = new CliSandbox("""
            ((trial == 8 && attempt == 1)) && rm -r "$ASHA_CHECKPOINT_DIR"/../../trial-000000
            save $target $trial
            """);
        var tuned = (await box.Tune("scheduler.type=sha", "slots=1", "trial.max-attempts=1")).Exits(0);
        Assert.Empty(Failures(tuned.Json()));
        Assert.Equal(0, tuned.Json().GetProperty("best").GetProperty("trial").GetInt32());
        Assert.Contains("trial 0: its checkpoint state of attempt 1 is missing (it is gone): it starts again from the beginning\n", tuned.Error);
        Assert.Contains("attempt 3 from 0 to 3, resumes from \n", box.Log(0));
    }

    [Fact]
    public async Task A_corrupt_checkpoint_is_told_of_everywhere_and_the_trial_starts_again_from_the_one_before()
    {
        // On its way to the second rung trial 0 publishes two checkpoints, spoils the second one when that is in its manifest, and crashes.
        using var box = new CliSandbox("""
            publish() { echo "$1" > "$ASHA_CHECKPOINT_DIR/epoch-$1"; echo "@asha {\"resource\": $1, \"metric\": 9, \"checkpoint\": \"epoch-$1\"}"; }
            if ((trial == 0 && attempt == 2)); then
                publish 1.5; publish 2
                until manifests=("$ASHA_CHECKPOINT_DIR"/../attempt-2.*.json); ((${#manifests[@]} == 2)); do sleep .01; done
                echo spoiled >> "$ASHA_CHECKPOINT_DIR/epoch-2"
                exit 1
            fi
            save $target $trial
            """);
        var tuned = (await box.Tune("scheduler.type=sha", "slots=1", "trial.max-attempts=2")).Exits(0);
        Assert.Equal(["exit 1"], Failures(tuned.Json()));
        Assert.Equal(0, tuned.Json().GetProperty("best").GetProperty("trial").GetInt32());
        Assert.Equal(1, tuned.Json().GetProperty("unusableCheckpoints").GetInt32());

        const string Said = "trial 0: its checkpoint epoch-2 of attempt 2 is corrupt (it has 10 bytes, its manifest says 2): it starts again from epoch-1.5 of attempt 2\n";
        Assert.Contains(Said, tuned.Error);
        Assert.Contains(Said, (await box.Asha("show", box.Run)).Exits(0).Out);
        var log = box.Log(0);
        Assert.Contains("=== checkpoint-corrupt: epoch-2 of attempt 2: it has 10 bytes, its manifest says 2; nothing was started ===\n", log);
        Assert.Contains(", resource 1.5 to 3, from checkpoint epoch-1.5 of attempt 2 ===\nattempt 4 from 1.5 to 3, resumes from 1.5\n", log);
        var why = (await box.Asha("why", box.Run, "0")).Exits(0).Out;
        Assert.Contains("lost: checkpoint-corrupt; this costs no try\n    it has 10 bytes, its manifest says 2\n", why);
        Assert.Contains("checkpoint epoch-1.5 of attempt 2: brought its result\n", why);
        (await box.Asha("replay", box.Run)).Exits(0);
    }

    [Fact]
    public async Task A_trial_whose_checkpoint_had_to_go_starts_again_and_that_is_told_of_everywhere()
    {
        using var box = new CliSandbox("save $target $((trial < 3 ? 3 - trial : trial))"); // Each of the first three is better than the ones before.
        var tuned = (await box.Tune("scheduler.type=sha", "slots=1", "trial.checkpoint-budget=0B")).Exits(0);
        const string Said = "trial 1 starts again from the beginning: its checkpoint had gone to keep within the budget of 0B\n";
        Assert.Contains(Said, tuned.Error);
        Assert.Contains("attempt 2 from 0 to 3, resumes from \n", box.Log(1));
        Assert.Contains(" went to keep within the budget of 0B; 2 jobs started again from the beginning for that\n", (await box.Asha("show", box.Run)).Exits(0).Out);
        Assert.Contains("from 0, its checkpoint having gone to keep within the disk budget: brought its result\n", (await box.Asha("why", box.Run, "1")).Exits(0).Out);
        Assert.True((await box.Asha("why", box.Run, "1", "--json")).Exits(0).Json().GetProperty("jobs")[1].GetProperty("attempts")[0].GetProperty("checkpointDropped").GetBoolean());
        (await box.Asha("replay", box.Run)).Exits(0);
        Assert.Equal(["trial-000002", "trial-000002/attempt-3", "trial-000002/attempt-3.json", "trial-000002/attempt-3/state"], box.Checkpoints());
    }

    [Fact]
    public async Task A_program_that_is_not_there()
    {
        using var box = new CliSandbox();
        var tuned = (await box.Tune("trial.command=[no-such-program]", "scheduler.trials=1", "trial.max-attempts=2")).Exits(1);
        Assert.Equal(["start-failed 2"], Failures(tuned.Json()));
        Assert.Equal(JsonValueKind.Null, tuned.Json().GetProperty("best").ValueKind);
        Assert.Contains("start-failed: ", tuned.Error);
        Assert.Contains("no-such-program", tuned.Error);
        Assert.Empty(box.Checkpoints());

        var best = (await box.Asha("best", box.Run, "--json")).Exits(1);
        Assert.Equal(("", "asha: no trial has a finite result yet\n"), (best.Out, best.Error));
    }

    [Fact]
    public async Task Where_every_trial_fails_and_nothing_else_would_end_it_the_run_gives_up()
    {
        using var box = new CliSandbox("exit 7");
        var tuned = (await box.Tune("scheduler={type: asha, reduction-factor: 3}", "stop.after=5m", "trial.max-attempts=1")).Exits(1);
        Assert.Equal("stopped", tuned.Json().GetProperty("outcome").GetString());
        Assert.InRange(tuned.Json().GetProperty("trials").GetInt32(), 10, 12);
        Assert.Contains("fail", tuned.Json().GetProperty("reason").GetString());
        box.NothingRuns();
    }

    [Fact]
    public async Task Where_every_trial_fails_and_there_are_few_each_is_tried()
    {
        using var box = new CliSandbox("exit 7");
        var said = (await box.Tune("scheduler.trials=9", "trial.max-attempts=1")).Exits(1).Json();
        Assert.Equal(("failed", 9), (said.GetProperty("outcome").GetString(), said.GetProperty("rungs")[0].GetProperty("completed").GetInt32()));
        box.NothingRuns();
    }

    [Fact]
    public async Task What_a_trial_leaves_running_is_ended_with_it()
    {
        using var box = new CliSandbox("""
            (trap '' TERM; sleep 1000) > /dev/null 2>&1 &
            setsid bash -c "trap '' TERM; sleep 1000" > /dev/null 2>&1 < /dev/null &
            save $target $trial
            """);
        using var asha = box.StartTune("scheduler.trials=1", "trial.max-attempts=1", "resource.max=1");
        (await asha.EndAsync()).Exits(0);
        box.NothingRuns();
    }

    private static int Trial(JsonElement happened) => Count(happened, "trial");

    private static int Count(JsonElement element, string name) => element.GetProperty(name).GetInt32();

    private static IEnumerable<string> Failures(JsonElement said)
        => said.GetProperty("failures").EnumerateObject().Select(cause => $"{cause.Name} {cause.Value}").Order(StringComparer.Ordinal);
}
