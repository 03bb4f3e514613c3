using System.Text.Json;

namespace Asha.Host.Tests.Cli;

/// <summary>Looking at a run's trials: the report's best, <c>asha trials</c>, <c>asha logs</c>.</summary>
public sealed class TrialsAndLogsTests
{
    [Theory]
    [InlineData("min", new[] { 0, 1, 2 })]
    [InlineData("max", new[] { 8, 7, 6 })]
    public async Task The_best_come_first_whichever_way_the_metric_goes(string mode, int[] best)
    {
        using var box = new CliSandbox();
        var tuned = (await box.Tune($"metric.mode={mode}", "scheduler.type=sha")).Exits(0).Json();
        int[] top = [.. tuned.GetProperty("top").EnumerateArray().Select(entry => entry.GetProperty("trial").GetInt32())];
        // Nine, of which three reached rung 1 and one rung 2: a higher rung comes first, there the better metric.
        Assert.Equal(9, top.Length);
        Assert.Equal(best, top[..3]);
        Assert.Equal(best[2], tuned.GetProperty("cutOffs")[0].GetInt32());
        Assert.Equal(JsonValueKind.Null, tuned.GetProperty("cutOffs")[2].ValueKind);
        Assert.Equal([1, 3, 9], tuned.GetProperty("curve").EnumerateArray().Select(point => point.GetProperty("resource").GetInt32()));

        var shown = (await box.Asha("show", box.Run)).Exits(0).Out;
        Assert.Contains("the best 9, by the highest rung reached, there by loss:", shown);
        Assert.Contains("its loss, as reported:", shown);
        var listed = (await box.Asha("trials", box.Run, "--json", "--limit", "3")).Exits(0);
        Assert.Equal(best, JsonDocument.Parse(listed.Out).RootElement.EnumerateArray().Select(entry => entry.GetProperty("trial").GetInt32()));
    }

    [Fact]
    public async Task Trials_as_csv_are_all_of_them_with_quotes_where_they_are_needed()
    {
        using var box = new CliSandbox("((trial == 3)) && exit 4; save $target $trial");
        (await box.Tune("trial.max-attempts=1", """space.note={type: choice, values: ["a,b", "say \"hi\"", "two\nlines"]}""")).Exits(0);
        var csv = (await box.Asha("trials", box.Run, "--csv", "--sort", "trial")).Exits(0).Out;
        Assert.Equal(File.ReadAllText(Path.Combine(box.Run, "trials.csv")), csv);
        using var reader = new CsvHelper.CsvReader(new StringReader(csv), System.Globalization.CultureInfo.InvariantCulture);
        var rows = reader.GetRecords<dynamic>().Select(row => (IDictionary<string, object>)row).ToList();
        Assert.Equal(Enumerable.Range(0, 9).Select(trial => $"{trial}"), rows.Select(row => row["trial"]));
        Assert.Equal("failed", rows[3]["state"]);
        Assert.All(rows, row => Assert.Contains(row["note"], new[] { "a,b", "say \"hi\"", "two\nlines" }));

        var failed = (await box.Asha("trials", box.Run, "--csv", "--state", "failed")).Exits(0).Out;
        Assert.Equal(2, failed.Count(character => character == '\n') - failed.Split("two\nlines").Length + 1);
        Assert.Contains("3", (await box.Asha("trials", box.Run, "--state", "failed")).Exits(0).Out);
    }

    [Fact]
    public async Task A_trial_that_was_tried_again_and_one_that_failed_higher_up_are_found_without_the_journal()
    {
        // Trial 0 crashes once and then goes all the way; trial 1 gets to rung 1 and fails there for good.
        using var box = new CliSandbox("""
            ((trial == 0 && attempt == 1)) && exit 3
            ((trial == 1 && target == 3)) && { echo '@asha nonsense'; exit; }
            save $target $trial
            """);
        (await box.Tune("scheduler.type=sha", "trial.max-attempts=2", "space.ranked-rung={type: constant, value: 7}")).Exits(0);

        var rows = box.Csv();
        string[] own = ["attempts", "last-failure", "rung", "epoch", "loss", "ranked-rung", "ranked-resource", "ranked-metric"];
        Assert.Equal(["4", "exit", "2", "9", "0", "2", "9", "0"], own.Select(name => rows[0][name]));
        Assert.Equal(["3", "bad-report", "1", "1", "", "0", "1", "1"], own.Select(name => rows[1][name]));
        Assert.Equal(["1", "", "0", "1", "8", "0", "1", "8"], own.Select(name => rows[8][name]));
        Assert.Equal("trial,state,bracket,rung,epoch,loss,attempts,rejected-reports,seed,x,parameter.ranked-rung,last-failure,ranked-rung,ranked-resource,ranked-metric", File.ReadLines(Path.Combine(box.Run, "trials.csv")).First());

        // The table shows what the ranked columns say.
        var table = (await box.Asha("trials", box.Run, "--sort", "trial")).Exits(0).Out;
        var cells = table.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(line => line.Length > 5 && line[0] is "0" or "1").ToList();
        Assert.Equal(["0", "completed", "9", "0", "4", "exit"], cells[0][..6]);
        Assert.Equal(["1", "failed", "1", "1", "3", "bad-report"], cells[1][..6]);

        var json = JsonDocument.Parse((await box.Asha("trials", box.Run, "--json", "--sort", "trial")).Exits(0).Out).RootElement;
        Assert.Equal(["exit 2", "bad-report 0", " 0"], new[] { 0, 1, 8 }.Select(trial => $"{json[trial].GetProperty("lastFailure").GetString()} {json[trial].GetProperty("rankedRung").GetInt32()}"));
        Assert.Equal(["lastFailure", "rankedRung"], json[0].EnumerateObject().Select(property => property.Name).TakeLast(2));
    }

    [Theory]
    [InlineData("trials RUN --sort metric", "there is no such order; it is best or trial")]
    [InlineData("trials RUN --state done", "the states are pending, running, paused, stopped, completed, failed, cancelled")]
    [InlineData("trials RUN --limit 0", "it is at least 1")]
    [InlineData("logs RUN 9", "the run has trials 0 to 8")]
    [InlineData("logs RUN 3 --attempt 2", "trial 3 has attempt 1 alone")]
    [InlineData("logs RUN one", "wants the number of a trial, or 'prepare'")]
    [InlineData("logs RUN -1", "-1")]
    [InlineData("logs RUN prepare", "it has no preparation, or it has not begun")]
    [InlineData("logs nowhere 1", "this is not the folder of a run")]
    public async Task Mistakes_say_what_there_is(string line, string told)
    {
        using var box = new CliSandbox();
        (await box.Tune("resource.max=1")).Exits(0);
        Assert.Contains(told, (await box.Asha([.. line.Split(' ').Select(word => word == "RUN" ? box.Run : word)])).Exits(2).Error);
    }

    [Fact]
    public async Task A_log_is_printed_without_what_could_harm_a_terminal_or_byte_for_byte()
    {
        using var box = new CliSandbox("""printf 'caf\xc3\xa9 \e[31mred\e[0m \a\r\n' >&2; save $target $trial""");
        (await box.Tune("scheduler.trials=1", "resource.max=1")).Exits(0);
        var clean = (await box.Asha("logs", box.Run, "0")).Exits(0).Out;
        Assert.Contains("café red \uFFFD\n", clean);
        Assert.DoesNotContain(clean, character => char.IsControl(character) && character != '\n');
        Assert.Equal(box.Log(0), (await box.Asha("logs", box.Run, "0", "--raw")).Exits(0).Out);
    }

    [Fact]
    public async Task One_attempt_of_several_can_be_asked_for()
    {
        using var box = new CliSandbox("echo this is $attempt; ((attempt == 1)) && exit 3; save $target $trial");
        (await box.Tune("scheduler.trials=1", "resource.max=1")).Exits(0);
        var second = (await box.Asha("logs", box.Run, "0", "--attempt", "2")).Exits(0).Out;
        Assert.Contains("this is 2\n", second);
        Assert.DoesNotContain("this is 1", second);
    }

    [Fact]
    public async Task A_followed_log_ends_with_the_run()
    {
        using var box = new CliSandbox("""
            echo first
            until [ -e go ]; do read -rt .02; done
            echo last
            save $target $trial
            """);
        using var tune = box.Start("tune", "tiny.yaml", "--set", "scheduler.trials=1", "--set", "resource.max=1");
        await tune.Until(() => Directory.Exists(box.Runs) && Directory.GetFiles(box.Runs, "trial-000000.log", SearchOption.AllDirectories).Length > 0, "the trial's log");
        using var logs = box.Start("logs", box.Run, "0", "--follow");
        await logs.Until(() => logs.Out.Contains("first\n"), "what the trial printed first");
        Assert.DoesNotContain("last", logs.Out);
        box.Write("go", "");
        Assert.EndsWith("=== ended: completed ===\n", (await logs.EndAsync()).Exits(0).Out);
        (await tune.EndAsync()).Exits(0);
        Assert.Contains("first\nlast\n", (await box.Asha("logs", box.Run, "0")).Exits(0).Out);
    }
}
