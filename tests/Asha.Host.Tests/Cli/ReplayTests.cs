using System.Text.Json.Nodes;
using Asha.Actors.Persistence;
using Asha.Actors.Replay;
using Asha.Core.Experiments;

namespace Asha.Host.Tests.Cli;

/// <summary><c>asha replay</c> on runs of real processes, and on recordings of them that somebody changed.</summary>
public sealed class ReplayTests
{
    /// <summary>Half of all trials take longer, some fail at first; the metric is no order of the numbers, and ties.</summary>
    private const string Uneven = "[ $((trial % 5 + attempt)) = 4 ] && exit 3; [ $((trial % 2)) = 0 ] && sleep 0.0$((trial * 7 % 9)); save $target $((trial * 11 % 13))";

    private const string RunsThrough = "for ((e = start + 1; e <= target; e++)); do report $e $((trial * 11 % 13)); sleep 0.01; done";

    private static string Recorded(string name) => Path.Combine(AppContext.BaseDirectory, name);

    [Theory]
    [InlineData("asha", 1)]
    [InlineData("asha", 3)]
    [InlineData("sha", 3)]
    [InlineData("stopping", 3)]
    public async Task A_live_run_is_decided_again_and_simulated_again_it_takes_as_long(string scheduler, int slots)
    {
        using var box = new CliSandbox(scheduler == "stopping" ? RunsThrough : Uneven);
        (await box.Tune($"scheduler.type={scheduler}", $"slots={slots}", "scheduler.trials=18")).Exits(0);
        var replayed = JsonNode.Parse((await box.Asha("replay", box.Run, "--json")).Exits(0).Out)!;
        Assert.Null(replayed["difference"]);
        Assert.Equal((int)replayed["events"]!, (int)replayed["agree"]!);
        Assert.True((int)replayed["promotions"]! >= 3 && (bool)replayed["ended"]!);

        var compared = JsonNode.Parse((await box.Asha("replay", box.Run, "--simulate", "--json")).Exits(0).Out)!;
        double End(int run) => (double)compared["runs"]![run]!["endTime"]!;
        // Every fact comes at its own time again, so nothing can come in another order; only the end follows its last fact at once.
        Assert.InRange(End(1), End(0) - .1, End(0));
        Assert.Equal(0, (int)compared["unknown"]!["results"]!);
        Assert.Equal(Promotions(compared, 0), Promotions(compared, 1));
    }

    [Theory]
    [InlineData("run-asha.jsonl")]
    [InlineData("run-sha.jsonl")]
    [InlineData("run-stopping.jsonl")]
    public async Task A_change_is_named_with_its_line_and_the_rungs_ranking(string name)
    {
        using var box = new CliSandbox();
        var lines = File.ReadAllLines(Recorded(name));
        var at = Array.FindIndex(lines, line => line.Contains("\"trial-promoted.1\"", StringComparison.Ordinal));
        var up = (TrialPromoted)EventLines.Read(System.Text.Encoding.UTF8.GetBytes(lines[at]));
        lines[at] = lines[at].Replace($"\"trial\":{up.Trial},", "\"trial\":77,", StringComparison.Ordinal);
        var changed = box.Write("changed.jsonl", string.Join('\n', lines) + "\n");
        var said = await box.Asha("replay", changed);
        said.Exits(1);
        Assert.Contains($"then line {at + 1} of {changed} differs", said.Out);
        Assert.Contains("recorded:      trial 77 is promoted", said.Out);
        Assert.Contains($"decided again: trial {up.Trial} is promoted", said.Out);
        var json = JsonNode.Parse((await box.Asha("replay", changed, "--json")).Exits(1).Out)!["difference"]!;
        Assert.Equal((at + 1, 77, up.Trial), ((int)json["line"]!, (int)json["recorded"]!["trial"]!, (int)json["decided"]!["trial"]!));
        // The ranking is that before the promotion: the trial stands at the rank that the event says, and has not left.
        var own = json["rung"]!["ranking"]!.AsArray().Single(place => (int)place!["trial"]! == up.Trial)!;
        Assert.Equal((up.Rank, up.Metric, false), ((int)own["rank"]!, (double)own["metric"]!, (bool)own["promoted"]!));
        Assert.Equal(up.Results, json["rung"]!["ranking"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_metric_that_was_changed_in_any_report_is_named_with_its_line()
    {
        using var box = new CliSandbox(RunsThrough);
        (await box.Tune("scheduler.trials=4", "slots=2")).Exits(0);
        var lines = File.ReadAllLines(Path.Combine(box.Run, "events.jsonl"));
        var reports = Enumerable.Range(0, lines.Length).Where(at => lines[at].Contains("\"report-accepted.1\"", StringComparison.Ordinal)).ToArray();
        // Results, and reports on the way to one, which decide nothing.
        Assert.True(reports.Length > lines.Count(line => line.Contains("\"job-completed.1\"", StringComparison.Ordinal)));
        foreach (var at in reports)
        {
            var changed = lines.ToArray();
            changed[at] = changed[at].Replace("\"metric\":", "\"metric\":1", StringComparison.Ordinal);
            var path = box.Write("changed.jsonl", string.Join('\n', changed) + "\n");
            var again = Redecision.Of([.. EventLines.ReadAll(path)], EventLines.FirstAltered(path) - 1);
            Assert.Equal((at, at, true), (again.Difference!.Index, again.Compared, again.Difference.IsAltered));
        }
        var said = (await box.Asha("replay", "changed.jsonl")).Exits(1).Out;
        Assert.Contains($"then line {reports[^1] + 1} of changed.jsonl is not as it was written", said);
        Assert.Contains(", at that moment: ", said);
        Assert.Contains($"line {reports[^1] + 1}: the line was changed after it was written", (await box.Asha("replay", "changed.jsonl", "--simulate")).Exits(2).Error);
        Assert.True((bool)JsonNode.Parse((await box.Asha("replay", "changed.jsonl", "--json")).Exits(1).Out)!["difference"]!["altered"]!);
    }

    [Fact]
    public async Task What_another_scheduler_would_have_cost_is_compared_with_the_recorded_run()
    {
        using var box = new CliSandbox();
        // The seed note's scenario, as ASHA; what SHA makes of its curves and lengths is 73 s, all of which ASHA has been to.
        var scenario = Path.Combine(AppContext.BaseDirectory, "scenarios", "seed-note.yaml");
        (await box.Asha("simulate", scenario, "--set", "scheduler.type=asha", "--events", "night.jsonl")).Exits(0);
        var compared = JsonNode.Parse((await box.Asha("replay", "night.jsonl", "--with", "scheduler.type=sha", "--json")).Exits(0).Out)!;
        Assert.Equal(["recorded", "SHA"], compared["runs"]!.AsArray().Select(run => (string)run!["label"]!));
        Assert.Equal((71, 73, 0), ((double)compared["runs"]![0]!["endTime"]!, (double)compared["runs"]![1]!["endTime"]!, (int)compared["unknown"]!["results"]!));
        Assert.StartsWith("<!doctype html>", File.ReadAllText(box.In("seed-note-replay.html")));
        // With η = 2 half of the trials would go on to 2: 15 of these were never trained beyond 1.
        var halved = await box.Asha("replay", "night.jsonl", "--with", "scheduler.type=sha", "--with", "scheduler.reduction-factor=2", "--report", "two.html");
        Assert.Contains("of the changed run were not recorded so", halved.Exits(0).Out);
    }

    [Theory]
    [InlineData("slot-joined.1")]
    [InlineData("trial-sampled.1")]
    [InlineData("job-completed.1")]
    [InlineData("trial-promoted.1")]
    public async Task Nothing_is_said_about_a_recording_that_does_not_agree_with_itself(string missing)
    {
        using var box = new CliSandbox();
        var lines = File.ReadAllLines(Recorded("run-asha.jsonl")).ToList();
        lines.RemoveAt(lines.FindIndex(line => line.Contains($"\"{missing}\"", StringComparison.Ordinal)));
        var changed = box.Write("changed.jsonl", string.Join('\n', lines) + "\n");
        Assert.Contains("from here on the run is not decided as it was recorded", (await box.Asha("replay", changed, "--simulate")).Exits(2).Error);
        Assert.Contains("differs", (await box.Asha("replay", changed)).Exits(1).Out);
    }

    [Fact]
    public async Task What_cannot_be_asked_is_said_all_at_once()
    {
        using var box = new CliSandbox();
        var said = (await box.Asha("replay", Recorded("run-asha.jsonl"), "--with", "seed=3", "--with", "speed=0", "--with", "scheduler.reduction-factor=1")).Exits(2).Error;
        Assert.Contains("--with seed: cannot be changed in a recorded run", said);
        Assert.Contains("--with speed: must be at least", said);
        Assert.Contains("--with scheduler.reduction-factor: must be", said);
        Assert.Contains("--with slots: wants path=value", (await box.Asha("replay", Recorded("run-asha.jsonl"), "--with", "slots")).Exits(2).Error);
        Assert.Contains("line 1: a run begins with", (await box.Asha("replay", box.Write("no.jsonl", "{\"event\":\"slot-joined.1\",\"time\":0,\"slot\":0,\"node\":\"a\"}\n"))).Exits(2).Error);
        (await box.Asha("replay", "nowhere")).Exits(2);
    }

    private static IEnumerable<(int, int)> Promotions(JsonNode compared, int run) => compared["runs"]![run]!["promotions"]!.AsArray().Select(up => ((int)up!["trial"]!, (int)up["rung"]!));
}
