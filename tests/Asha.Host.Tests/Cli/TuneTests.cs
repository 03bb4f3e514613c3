using System.Globalization;
using System.Text.Json;

namespace Asha.Host.Tests.Cli;

/// <summary><c>asha tune</c> with real trials: what it says of a run holds, wherever it says it.</summary>
public sealed class TuneTests
{
    private static readonly string[] Keys =
    [
        "run", "scheduler", "seed", "best", "rungs", "trials", "jobs", "attempts", "endTime", "busy", "idle", "utilization", "slots", "failures", "rejectedReports", "ignoredReports", "retiredSlots", "outcome", "reason",
        "curve", "cutOffs", "top",
    ];

    private static readonly string[] Causes = ["node-lost", "waiting-for-decision", "retry-back-off", "rung-barrier", "no-promotable", "no-work"];

    [Theory]
    [InlineData("asha", 1)]
    [InlineData("asha", 2)]
    [InlineData("asha", 4)]
    [InlineData("sha", 1)]
    [InlineData("sha", 2)]
    [InlineData("sha", 4)]
    public async Task One_object_that_agrees_with_all_else_that_a_run_says(string scheduler, int slots)
    {
        using var box = new CliSandbox();
        var tuned = (await box.Tune($"scheduler.type={scheduler}", $"slots={slots}")).Exits(0);
        var said = tuned.Json();
        var events = box.Events();

        Assert.Equal(Keys, Names(said));
        Assert.Equal(["trial", "metric", "resource", "parameters", "seed"], Names(said.GetProperty("best")));
        Assert.All(said.GetProperty("rungs").EnumerateArray(), rung => Assert.Equal(["bracket", "level", "started", "completed", "promoted"], Names(rung)));
        Assert.Equal(Causes, Names(said.GetProperty("idle")));
        Assert.Equal(Path.GetFileName(box.Run), said.GetProperty("run").GetString());
        Assert.Equal(scheduler, said.GetProperty("scheduler").GetString());
        Assert.Equal("completed", said.GetProperty("outcome").GetString());
        Assert.Equal(slots, said.GetProperty("slots").GetInt32());
        Assert.Empty(Names(said.GetProperty("failures")));

        // The journal, counted here.
        Assert.Equal("experiment-started.1", CliSandbox.KindOf(events[0]));
        Assert.Equal("experiment-ended.1", CliSandbox.KindOf(events[^1]));
        Assert.Equal(events.Select(Time).Order(), events.Select(Time));
        Assert.Equal(9, said.GetProperty("trials").GetInt32());
        Assert.Equal(9, box.Events("trial-sampled").Count);
        Assert.Equal(box.Events("job-started").Count, said.GetProperty("attempts").GetInt32());
        var rungs = said.GetProperty("rungs").EnumerateArray().ToArray();
        Assert.Equal([1, 3, 9], rungs.Select(rung => Number(rung, "level")));
        for (var rung = 0; rung < rungs.Length; rung++)
        {
            Assert.Equal(InRung("job-started", rung), Number(rungs[rung], "started"));
            Assert.Equal(InRung("job-completed", rung), Number(rungs[rung], "completed"));
            Assert.Equal(InRung("trial-promoted", rung), Number(rungs[rung], "promoted"));
        }
        Assert.Equal(0, Number(said.GetProperty("best"), "trial"));
        Assert.Equal(0, Number(said.GetProperty("best"), "metric"));
        Assert.Equal(9, Number(said.GetProperty("best"), "resource"));

        // Busy is what passed between the start and the end of each job; with the idle time it makes up all the time in which a slot was there.
        var end = Time(events[^1]);
        Assert.Equal(end, Number(said, "endTime"));
        var busy = box.Events("job-completed").Sum(Time) - box.Events("job-started").Sum(Time);
        Assert.Equal(busy, Number(said, "busy"), tolerance: 1e-6);
        var present = box.Events("slot-joined").Sum(joined => end - Time(joined));
        Assert.Equal(present, Number(said, "busy") + Causes.Sum(cause => Number(said.GetProperty("idle"), cause)), tolerance: 1e-6);
        Assert.Equal(busy / present, Number(said, "utilization"), tolerance: 1e-6);
        Assert.Equal(0, Number(said.GetProperty("idle"), scheduler == "sha" ? "no-promotable" : "rung-barrier"));

        // trials.csv
        var rows = box.Csv();
        Assert.Equal(Enumerable.Range(0, 9).Select(trial => $"{trial}"), rows.Select(row => row["trial"]));
        Assert.All(rows, row => Assert.Equal(row["trial"], row["loss"]));
        Assert.Equal(said.GetProperty("attempts").GetInt32(), rows.Sum(row => int.Parse(row["attempts"], CultureInfo.InvariantCulture)));
        Assert.Equal(("completed", "2", "9"), (rows[0]["state"], rows[0]["rung"], rows[0]["epoch"]));
        Assert.Equal(Number(said.GetProperty("best").GetProperty("parameters"), "x"), double.Parse(rows[0]["x"], CultureInfo.InvariantCulture));
        Assert.Equal(box.Events("trial-sampled").Select(sampled => Number(sampled.GetProperty("parameters"), "x")),
            rows.Select(row => double.Parse(row["x"], CultureInfo.InvariantCulture)));

        // The other commands
        Assert.Equal(tuned.Out, (await box.Asha("show", box.Run, "--json")).Exits(0).Out);
        var best = (await box.Asha("best", Path.GetFileName(box.Run), "--json")).Exits(0);
        Assert.Equal($"{said.GetProperty("best").GetRawText()[..^1]},\"checkpoint\":\"{box.Run}/checkpoints/trial-000000/attempt-3/state\"}}", best.Out.TrimEnd());

        double InRung(string kind, int rung) => box.Events(kind).Count(happened => happened.GetProperty("rung").GetInt32() == rung);
    }

    [Fact]
    public async Task Sha_of_64_trials_runs_64_16_4_and_1_and_keeps_what_can_be_promoted()
    {
        using var box = new CliSandbox("""
            # At level 4 there are 16 trials left. Deleting takes its time.
            for ((look = 0; look < 500; look++)); do
              kept=("$ASHA_CHECKPOINT_DIR"/../../*)
              ((${#kept[@]} <= 64 / target)) && break
              read -r -t 0.02
            done
            echo "kept: ${kept[*]##*/trial-}"
            save $target $trial
            """);
        var said = (await box.Tune("scheduler={type: sha, reduction-factor: 4}", "resource.max=64")).Exits(0).Json();

        Assert.Equal("""
            [{"bracket":0,"level":1,"started":64,"completed":64,"promoted":16},{"bracket":0,"level":4,"started":16,"completed":16,"promoted":4},{"bracket":0,"level":16,"started":4,"completed":4,"promoted":1},{"bracket":0,"level":64,"started":1,"completed":1,"promoted":0}]
            """, said.GetProperty("rungs").GetRawText());
        Assert.Equal(85, said.GetProperty("jobs").GetInt32());
        Assert.All(box.Events("trial-promoted"), up => Assert.True(up.GetProperty("trial").GetInt32() < up.GetProperty("candidates").GetInt32()));

        // Each job went on where the one before had ended, and had its checkpoint.
        Assert.Equal(
            ["attempt 1 from 0 to 1, resumes from ", "attempt 2 from 1 to 4, resumes from 1", "attempt 3 from 4 to 16, resumes from 4", "attempt 4 from 16 to 64, resumes from 16"],
            Lines(box.Log(0), "attempt"));
        Assert.Equal(["attempt 1 from 0 to 1, resumes from ", "attempt 2 from 1 to 4, resumes from 1"], Lines(box.Log(15), "attempt"));
        Assert.Equal(["attempt 1 from 0 to 1, resumes from "], Lines(box.Log(16), "attempt"));

        // Past a barrier, only those behind it have checkpoints.
        var kept = Lines(box.Log(0), "kept: ");
        Assert.Equal("kept: " + string.Join(' ', Enumerable.Range(0, 16).Select(trial => $"{trial:D6}")), kept[1]);
        Assert.Equal("kept: 000000 000001 000002 000003", kept[2]);
        Assert.Equal("kept: 000000", kept[3]);
        Assert.Equal(["trial-000000", "trial-000000/attempt-4", "trial-000000/attempt-4.json", "trial-000000/attempt-4/state"], box.Checkpoints());
    }

    [Fact]
    public async Task A_trial_without_checkpoints_starts_again_from_nothing()
    {
        using var box = new CliSandbox("echo partial > $ASHA_CHECKPOINT_DIR/unfinished; report $target $trial");
        (await box.Tune("scheduler.type=sha")).Exits(0);
        Assert.Equal(["attempt 1 from 0 to 1, resumes from ", "attempt 2 from 0 to 3, resumes from ", "attempt 3 from 0 to 9, resumes from "], Lines(box.Log(0), "attempt"));
        Assert.Empty(box.Checkpoints());
    }

    [Fact]
    public async Task Larger_is_better_where_the_experiment_says_so()
    {
        using var box = new CliSandbox();
        var best = (await box.Tune("metric.mode=max", "scheduler.type=sha")).Exits(0).Json().GetProperty("best");
        Assert.Equal((8, 8, 9), (Number(best, "trial"), Number(best, "metric"), Number(best, "resource")));
        Assert.Equal([6, 7, 8], box.Events("trial-promoted").Select(up => Number(up, "trial")).Distinct().Order());
    }

    [Fact]
    public async Task Reports_that_overshoot_count_with_the_resource_that_they_name()
    {
        using var box = new CliSandbox("""
            for ((epoch = start + 5; epoch - 5 < target; epoch += 5)); do save $epoch $trial; done
            """);
        var said = (await box.Tune("scheduler.type=sha", "resource.min=2", "resource.max=18")).Exits(0).Json();
        Assert.Equal([9, 3, 1], said.GetProperty("rungs").EnumerateArray().Select(rung => Number(rung, "completed")));
        // Levels 2, 6 and 18.
        Assert.Equal(["attempt 1 from 0 to 2, resumes from ", "attempt 2 from 5 to 6, resumes from 5", "attempt 3 from 10 to 18, resumes from 10"], Lines(box.Log(0), "attempt"));
        Assert.Equal(20, Number(said.GetProperty("best"), "resource"));
        Assert.Equal(0, said.GetProperty("rejectedReports").GetInt32());
    }

    [Fact]
    public async Task A_level_that_was_overshot_before_is_trained_again()
    {
        using var box = new CliSandbox("""
            for ((epoch = start + 5; epoch - 5 < target; epoch += 5)); do save $epoch $trial; done
            """);
        var said = (await box.Tune("scheduler.type=sha")).Exits(0).Json();
        Assert.Equal(["attempt 1 from 0 to 1, resumes from ", "attempt 2 from 0 to 3, resumes from ", "attempt 3 from 5 to 9, resumes from 5"], Lines(box.Log(0), "attempt"));
        Assert.Equal(10, Number(said.GetProperty("best"), "resource"));
        Assert.Equal(0, said.GetProperty("rejectedReports").GetInt32());
    }

    [Fact]
    public async Task A_space_that_is_used_up_ends_the_sampling_and_says_so()
    {
        using var box = new CliSandbox();
        var tuned = (await box.Tune("space={a: {type: choice, values: [1, two]}, b: {type: boolean}}")).Exits(0);
        Assert.Equal(4, tuned.Json().GetProperty("trials").GetInt32());
        Assert.Equal("completed", tuned.Json().GetProperty("outcome").GetString());
        Assert.Equal(4, box.Csv().Select(row => (row["a"], row["b"])).Distinct().Count());
        Assert.Contains("asha: warning: ", tuned.Error);
        Assert.Contains("sampling ended at 4 trials: the search space has only 4 configurations", tuned.Error);
    }

    [Fact]
    public async Task Initial_configurations_come_first()
    {
        using var box = new CliSandbox("""report $target $trial; echo "x is $ASHA_PARAM_X" """);
        (await box.Tune("initial=[{x: 0.5}, {x: 0.25}]", "slots=1")).Exits(0);
        Assert.Equal(["0.5", "0.25"], box.Csv().Take(2).Select(row => row["x"]));
        Assert.Contains("x is 0.5\n", box.Log(0));
        Assert.Equal(9, box.Csv().Select(row => row["x"]).Distinct().Count());
    }

    [Fact]
    public async Task The_same_seed_tries_the_same_configurations()
    {
        using var box = new CliSandbox();
        var said = new List<JsonElement>();
        foreach (var slots in new[] { 1, 4 })
            said.Add((await box.Tune("scheduler.type=sha", $"slots={slots}")).Exits(0).Json());
        Assert.Equal(said[0].GetProperty("best").GetRawText(), said[1].GetProperty("best").GetRawText());
        var sampled = Directory.GetDirectories(box.Runs).Select(run => File.ReadLines(Path.Combine(run, "events.jsonl"))
            .Where(line => line.Contains("trial-sampled")).Select(line => line[line.IndexOf("\"trial\"", StringComparison.Ordinal)..line.IndexOf(",\"check\"", StringComparison.Ordinal)]).ToArray()).ToArray();
        Assert.Equal(sampled[0], sampled[1]);
    }

    [Fact]
    public async Task What_was_set_is_what_runs_and_what_the_folder_keeps()
    {
        using var box = new CliSandbox();
        var said = (await box.Tune("scheduler.trials=5", "scheduler.trials=3", "space.y={type: constant, value: 7}", "trial.max-attempts=2")).Exits(0).Json();
        Assert.Equal(3, said.GetProperty("trials").GetInt32());
        Assert.All(box.Csv(), row => Assert.Equal("7", row["y"]));
        // The resolved file runs again.
        var resolved = Path.Combine(box.Run, "experiment.yaml");
        Assert.Contains("trials: 3", File.ReadAllText(resolved));
        Assert.Equal(File.ReadAllText(resolved), (await box.Asha("check", resolved)).Exits(0).Out[..(int)new FileInfo(resolved).Length]);
    }

    [Fact]
    public async Task Trials_run_in_the_folder_of_their_file_and_runs_are_kept_where_one_says()
    {
        using var box = new CliSandbox();
        Directory.CreateDirectory(box.In("sub"));
        File.Move(box.In("trial.sh"), box.In("sub/trial.sh"));
        File.Move(box.In("tiny.yaml"), box.In("sub/tiny.yaml"));
        (await box.Asha("tune", "sub/tiny.yaml", "--runs", "kept/here", "--set", "scheduler.trials=1")).Exits(0);
        var run = Path.GetFileName(Assert.Single(Directory.GetDirectories(box.In("kept/here"))));
        Assert.Contains($" {run} ", (await box.Asha("ls", "--runs", "kept/here")).Exits(0).Out);
        Assert.Contains("best: trial 0, ", (await box.Asha("show", run, "--runs", "kept/here")).Exits(0).Out);
    }

    [Fact]
    public async Task Tunes_started_in_the_same_moment_have_folders_of_their_own()
    {
        using var box = new CliSandbox();
        var started = Enumerable.Range(0, 4).Select(_ => box.StartTune("scheduler.trials=1")).ToArray();
        foreach (var process in started)
        {
            using (process)
                (await process.EndAsync()).Exits(0).Json();
        }
        Assert.Equal(4, Directory.GetDirectories(box.Runs).Length);
        Assert.All(Directory.GetDirectories(box.Runs), folder => Assert.True(File.Exists(Path.Combine(folder, "trials.csv"))));
    }

    [Fact]
    public async Task For_people_progress_and_the_result_are_on_standard_output()
    {
        using var box = new CliSandbox();
        var tuned = (await box.Asha("tune", "tiny.yaml", "--set", "scheduler.type=sha")).Exits(0);
        Assert.Equal("", tuned.Error);
        Assert.StartsWith($"run folder: {box.Run}\n", tuned.Out);
        Assert.Contains("trial 0 promoted to 3 epoch: rank 1 of 9, cut-off 2\n", tuned.Out);
        Assert.Contains("trial 0 at 9 epoch: loss 0", tuned.Out);
        Assert.Contains("best: trial 0, loss 0 at 9 epoch", tuned.Out);

        Assert.Contains("best: trial 0, loss 0 at 9 epoch", (await box.Asha("show", box.Run)).Exits(0).Out);
        var best = (await box.Asha("best", box.Run)).Exits(0).Out;
        Assert.StartsWith("trial 0: loss 0 at 9 epoch\n  x: ", best);
        Assert.Contains("\n  seed of the trial: ", best);
        Assert.EndsWith($"  checkpoint: {box.Run}/checkpoints/trial-000000/attempt-3/state\n", best);
        Assert.Contains($" {Path.GetFileName(box.Run)} ", (await box.Asha("ls")).Exits(0).Out);
    }

    internal static IReadOnlyList<string> Lines(string log, string start) => [.. log.Split('\n').Where(line => line.StartsWith(start))];

    internal static double Number(JsonElement element, string name) => element.GetProperty(name).GetDouble();

    private static double Time(JsonElement happened) => Number(happened, "time");

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(property => property.Name);
}
