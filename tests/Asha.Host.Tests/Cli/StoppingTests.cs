using System.Text.Json;

namespace Asha.Host.Tests.Cli;

/// <summary><c>type: stopping</c> and SHA's <c>repeat</c>, with real trials.</summary>
public sealed class StoppingTests
{
    /// <summary>Trains through to the end, an epoch at a time; the metric is the number of the trial.</summary>
    private const string RunsThrough = "for ((e = start + 1; e <= target; e++)); do report $e $trial; sleep 0.03; done";

    private static int Count(JsonElement said, int rung, string what) => said.GetProperty("rungs")[rung].GetProperty(what).GetInt32();

    [Fact]
    public async Task A_trial_runs_through_in_one_process_or_is_ended_at_a_level()
    {
        using var box = new CliSandbox(RunsThrough + "\n[ $trial = 0 ] || sleep 60");
        var said = (await box.Tune("scheduler.type=stopping", "slots=1")).Exits(0).Json();
        // One slot: trial 0 is the first, and so the best of its rung each time; of m results up to 9, at most 3 go on, and every later one is worse than all before.
        Assert.Equal([9, 1, 1], Enumerable.Range(0, 3).Select(rung => Count(said, rung, "started")));
        Assert.Equal(("stopping", "completed", 11), (said.GetProperty("scheduler").GetString(), said.GetProperty("outcome").GetString(), said.GetProperty("attempts").GetInt32()));
        Assert.Empty(said.GetProperty("failures").EnumerateObject());
        // A process for each trial, told the whole resource; two attempts of trial 0 took over the first one's.
        Assert.All(Enumerable.Range(0, 9), trial => Assert.Single(box.Log(trial).Split('\n'), line => line.StartsWith("attempt 1 from 0 to 9", StringComparison.Ordinal)));
        Assert.Equal([(2, 1.0, 3.0), (3, 3.0, 9.0)], box.Events("job-started").Where(job => job.TryGetProperty("goesOn", out _))
            .Select(job => (job.GetProperty("attempt").GetInt32(), job.GetProperty("start").GetDouble(), job.GetProperty("target").GetDouble())));
        box.NothingRuns();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Whoever_goes_on_is_among_the_best_third_at_least_the_best(int slots)
    {
        using var box = new CliSandbox(RunsThrough);
        (await box.Tune("scheduler.type=stopping", $"slots={slots}", "scheduler.trials=12")).Exits(0);
        var results = new Dictionary<int, List<int>>();
        var ended = 0;
        foreach (var happened in box.Events())
        {
            if (CliSandbox.KindOf(happened) == "job-completed.1")
                (results.TryGetValue(Whole(happened, "rung"), out var rung) ? rung : results[Whole(happened, "rung")] = []).Add(Whole(happened, "trial"));
            if (CliSandbox.KindOf(happened) != "trial-promoted.1")
                continue;
            var own = results[Whole(happened, "rung")];
            Assert.Equal(own[^1], Whole(happened, "trial"));
            Assert.True(own.Count(other => other < own[^1]) < Math.Max(1, own.Count / 3));
            ended++;
        }
        Assert.True(ended >= 2, "at least the first goes on twice");
        box.NothingRuns();

        static int Whole(JsonElement happened, string key) => happened.GetProperty(key).GetInt32();
    }

    [Theory]
    [InlineData("report 9 $trial")]
    [InlineData("report 5 $trial; sleep 0.05; report 9 $trial")]
    public async Task One_report_may_be_the_result_of_several_rungs(string script)
    {
        using var box = new CliSandbox(script);
        var said = (await box.Tune("scheduler.type=stopping", "slots=1", "scheduler.trials=4")).Exits(0).Json();
        Assert.Empty(said.GetProperty("failures").EnumerateObject());
        Assert.Equal([4, 1, 1], Enumerable.Range(0, 3).Select(rung => Count(said, rung, "completed")));
        Assert.All(Enumerable.Range(0, 4), trial => Assert.Single(box.Log(trial).Split('\n'), line => line.StartsWith("attempt ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task One_that_crashes_between_levels_is_started_again()
    {
        using var box = new CliSandbox("for ((e = start + 1; e <= target; e++)); do report $e $trial; [ $e = 2 -a $attempt = 1 ] && exit 7; sleep 0.1; done");
        var said = (await box.Tune("scheduler.type=stopping", "slots=1", "scheduler.trials=1")).Exits(0).Json();
        Assert.Equal(1, said.GetProperty("failures").GetProperty("exit").GetInt32());
        Assert.Equal([1, 1, 1], Enumerable.Range(0, 3).Select(rung => Count(said, rung, "completed")));
        Assert.Contains("attempt 3 from 0 to 9", box.Log(0), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_does_not_go_on_is_ended_though_nothing_else_wants_its_slot()
    {
        using var box = new CliSandbox("""
            if [ $trial = 1 ]; then
              trap 'touch gone; exit 0' TERM
              until [ -e first ]; do sleep 0.02; done
              sleep 0.5; report 1 1
              for ((i = 0; i < 600; i++)); do sleep 0.1; done
            fi
            report 1 0; touch first
            for ((i = 0; i < 200; i++)); do [ -e gone ] && break; sleep 0.1; done
            [ -e gone ] || exit 5
            report 3 0; report 9 0
            """);
        var said = (await box.Tune("scheduler.type=stopping", "slots=2", "scheduler.trials=2")).Exits(0).Json();
        Assert.Equal([2, 1, 1], Enumerable.Range(0, 3).Select(rung => Count(said, rung, "completed")));
        Assert.Empty(said.GetProperty("failures").EnumerateObject());
    }

    [Theory]
    [InlineData("sequential", 2)]
    [InlineData("overlap", 2)]
    public async Task Sha_is_repeated(string repeat, int slots)
    {
        using var box = new CliSandbox();
        var said = (await box.Tune("scheduler.type=sha", $"scheduler.repeat={repeat}", "scheduler.most-trials=21", $"slots={slots}")).Exits(0).Json();
        var rungs = said.GetProperty("rungs").EnumerateArray().Select(rung => (rung.GetProperty("bracket").GetInt32(), rung.GetProperty("completed").GetInt32()));
        // Nine, nine, and the three that are left of 21.
        Assert.Equal([(0, 9), (0, 3), (0, 1), (1, 9), (1, 3), (1, 1), (2, 3), (2, 1), (2, 0)], rungs);
        (await box.Asha("show", box.Run)).Exits(0);
        // The last bracket's three trials cannot fill a rung above the second.
        Assert.Equal(21, box.Events("trial-sampled").Count);
    }

    [Fact]
    public async Task What_does_not_fit_together_is_told()
    {
        using var box = new CliSandbox();
        var said = (await box.Tune("scheduler.repeat=overlap", "scheduler.most-trials=30")).Exits(2);
        Assert.Contains("scheduler.repeat: is for type: sha only", said.Error, StringComparison.Ordinal);
        said = (await box.Tune("scheduler.type=sha", "scheduler.repeat=sequential")).Exits(2);
        Assert.Contains("scheduler.most-trials: is missing", said.Error, StringComparison.Ordinal);
        said = (await box.Tune("scheduler.most-trials=30")).Exits(2);
        Assert.Contains("scheduler.most-trials: is for repeat", said.Error, StringComparison.Ordinal);
    }
}
