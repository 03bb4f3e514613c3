using System.Globalization;
using System.Text.Json;
using Asha.Actors.Persistence;
using Asha.Core.Tests.Stories;

namespace Asha.Host.Tests.Cli;

/// <summary><c>asha why</c>, as a user runs it.</summary>
public sealed class WhyTests : IDisposable
{
    /// <summary>Nine trials, η = 3, one slot, a second an epoch: trials 0@0 1@0 2@0 0@1 3@0 4@0 5@0 5@1 6@0 7@0 7@1 7@2 8@0.</summary>
    private const string Scenario = """
        name: nine
        metric: {name: loss, mode: min}
        resource: {name: epoch, min: 1, max: 9}
        scheduler: {type: asha, reduction-factor: 3, trials: 9}
        world: {slots: 1, table: curves.csv, cost: resume}

        """;

    private static readonly double[] Losses = [.30, .70, .80, .60, .90, .20, .50, .10, .40];

    private readonly CliSandbox _box = new("((trial == 1)) && { printf 'red \\e[31m and \\xe2\\x80\\xae back\\n' >&2; exit 3; }; ((trial == 2)) && { report $target NaN; exit; }; save $target $trial");

    public void Dispose() => _box.Dispose();

    private async Task<string> Simulate(params string[] set)
    {
        _box.Write("nine.yaml", Scenario);
        _box.Write("curves.csv", "trial,resource,metric,seconds\n" + string.Concat(Enumerable.Range(0, 9).SelectMany(trial => new[] { (1, 1), (3, 2), (9, 6) }
            .Select(level => $"{trial},{level.Item1},{Losses[trial].ToString(CultureInfo.InvariantCulture)},{level.Item2}\n"))));
        Directory.CreateDirectory(_box.In("sim"));
        (await _box.Asha(["simulate", "nine.yaml", "--events", "sim/events.jsonl", .. set.SelectMany(change => new[] { "--set", change })])).Exits(0);
        return "sim";
    }

    private async Task<string[]> Lines(string run, int trial) => (await _box.Asha("why", run, $"{trial}")).Exits(0).Out.Split('\n');

    [Fact]
    public async Task A_simulated_trial_that_was_passed_over_is_told_as_arithmetic_says()
    {
        // .60 comes at 6 s as the second of four behind .30; it is fourth of seven at 11 s, when no more than three of nine can be promoted, and sixth in the end.
        var lines = await Lines(await Simulate(), 3);
        Assert.Equal("trial 3 was never promoted from rung 0 (1 epoch): with loss 0.6 it never was among the best 1/3; closest, at 6 s, as rank 2 of 4 when 1 might go up (cut-off 0.3).", lines[0]);
        Assert.Contains("  attempt 1, slot 0 on node-0, 5 s to 6 s, 1 s, from 0: brought its result", lines);
        Assert.Contains("  loss 0.6 at 1 epoch, counted at 6 s: rank 2 of 4, 1 candidate, cut-off 0.3", lines);
        Assert.Contains("  never promoted; its best chance at 6 s: rank 2 of 4, 1 candidate, cut-off 0.3; none any more since 11 s", lines);
        Assert.Contains("  at the end of the recording: rank 6 of 9, 3 candidates, cut-off 0.3", lines);
        // .30 goes up as the best of three, and in rung 1 is beaten by .20 and .10.
        lines = await Lines("sim", 0);
        Assert.Contains("  promoted at 3 s: rank 1 of 3, 1 candidate, cut-off 0.3", lines);
        Assert.EndsWith("closest, at 14 s, as rank 3 of 3 when 1 might go up (cut-off 0.1).", lines[0]);
        Assert.Equal("trial 7 completed: it was trained up to the top rung (9 epoch), with loss 0.1; there it is rank 1 of 1.", (await Lines("sim", 7))[0]);
    }

    [Fact]
    public async Task With_json_it_is_one_object()
    {
        var told = (await _box.Asha("why", await Simulate("scheduler.type=sha"), "3", "--json")).Exits(0).Json();
        Assert.Equal(
            ["run", "trial", "state", "fate", "why", "bracket", "sampled", "seed", "parameters", "jobs", "rungs", "endTime", "outcome", "reason"], told.EnumerateObject().Select(property => property.Name));
        Assert.Equal(("stopped", "not-promoted", "completed"), (told.GetProperty("state").GetString(), told.GetProperty("fate").GetString(), told.GetProperty("outcome").GetString()));
        Assert.Equal("""[{"rung":0,"level":1,"attempts":[{"attempt":1,"slot":0,"node":"node-0","goesOn":false,"from":0,"checkpoint":null,"start":3,"end":4,"length":1,"outcome":"result","cause":null,"detail":null,"last":false,"reports":1,"rejectedReports":0,"backOff":null}]}]""", told.GetProperty("jobs").GetRawText());
        // Fourth at 7 s, beyond the three of nine; sixth of nine at the barrier, behind .30.
        Assert.Equal("""[{"rung":0,"level":1,"resource":1,"metric":0.6,"failed":false,"waitsFor":9,"arrival":{"time":4,"rank":2,"results":4,"candidates":0,"cutOff":0.3},"promotion":null,"bestChance":{"time":9,"rank":6,"results":9,"candidates":3,"cutOff":0.3},"hopelessSince":7,"last":{"time":9,"rank":6,"results":9,"candidates":3,"cutOff":0.3}}]""", told.GetProperty("rungs").GetRawText());
        Assert.Equal("trial 3 was never promoted from rung 0 (1 epoch): when all 9 results were there, at 9 s, it was rank 6 with loss 0.6, and the best 3 went up (cut-off 0.3).", told.GetProperty("why").GetString());
    }

    [Fact]
    public async Task Of_a_live_run_it_says_why_trials_failed_and_shows_nothing_that_moves_the_cursor()
    {
        (await _box.Tune("trial.max-attempts=2", "slots=1")).Exits(0);
        // Escape sequences of a process are taken out before they are recorded; an exception's message may have one all the same.
        var journal = Path.Combine(_box.Run, "events.jsonl");
        File.WriteAllText(journal, File.ReadAllText(journal).Replace("red ", "red \\u001b[31m"));
        var failed = (await _box.Asha("why", Path.GetFileName(_box.Run), "1")).Exits(0).Out;
        Assert.StartsWith("trial 1 failed for good on its way to rung 0 (1 epoch): 2 of at most 2 tries, the last one by exit.\n", failed);
        Assert.Matches(@": failed: exit, and is tried again (0\.9|1\.[01]|1)\d* s later at the earliest\n", failed);
        Assert.Contains(": failed: exit, and is not tried again\n    exit code 3\n", failed);
        Assert.Contains("red �[31m and � back", failed);
        Assert.DoesNotContain('\e', failed);
        Assert.DoesNotContain('\u202e', failed);
        var json = (await _box.Asha("why", _box.Run, "1", "--json")).Exits(0);
        Assert.DoesNotContain('\e', json.Out);
        Assert.Equal(("failed", "exit", JsonValueKind.Null, true), (json.Json().GetProperty("fate").GetString(), json.Json().GetProperty("jobs")[0].GetProperty("attempts")[1].GetProperty("cause").GetString(),
            json.Json().GetProperty("rungs")[0].GetProperty("metric").ValueKind, json.Json().GetProperty("rungs")[0].GetProperty("failed").GetBoolean()));

        var diverged = await Lines(_box.Run, 2);
        Assert.Equal("trial 2 was never promoted from rung 0 (1 epoch): its loss there is not finite, and such results never are.", diverged[0]);
        Assert.Contains("  not finite: never promoted", diverged);
        Assert.Equal(JsonValueKind.Null, (await _box.Asha("why", _box.Run, "2", "--json")).Exits(0).Json().GetProperty("rungs")[0].GetProperty("metric").ValueKind);
    }

    /// <summary>A run with three tries, of which the first is given back, and two are left: as a node in quarantine would have it.</summary>
    [Fact]
    public async Task What_its_node_failed_is_not_counted_among_the_tries()
    {
        (await _box.Tune("trial.max-attempts=3", "slots=1")).Exits(0);
        var journal = Path.Combine(_box.Run, "events.jsonl");
        var lines = File.ReadAllLines(journal).ToList();
        Assert.Contains("\"maxAttempts\":3", lines[0]);
        lines[0] = lines[0].Replace("\"maxAttempts\":3", "\"maxAttempts\":2");
        var first = lines.FindIndex(line => line.Contains("attempt-failed") && line.Contains("\"trial\":1,"));
        var time = JsonDocument.Parse(lines[first]).RootElement.GetProperty("time").GetRawText();
        lines.Insert(first + 1, $$"""{"event":"node-unfit.1","time":{{time}},"node":"local","pause":15,"detail":"5 attempts of 3 trials failed in a row","forgives":[{"trial":1,"rung":0,"attempt":1,"cause":"exit"}]}""");
        File.WriteAllLines(journal, lines);
        var told = await Lines(_box.Run, 1);
        Assert.Equal("trial 1 failed for good on its way to rung 0 (1 epoch): 2 of at most 2 tries, the last one by exit.", told[0]);
        Assert.EndsWith(" later at the earliest; its node failed it, and it costs no try", Assert.Single(told, line => line.StartsWith("  attempt 1,")));
        Assert.Single(told, line => line.Contains("costs no try"));
        var attempts = (await _box.Asha("why", _box.Run, "1", "--json")).Exits(0).Json().GetProperty("jobs")[0].GetProperty("attempts");
        Assert.Equal([true, false, false], attempts.EnumerateArray().Select(attempt => attempt.TryGetProperty("forgiven", out var forgiven) && forgiven.GetBoolean()));
    }

    [Fact]
    public async Task A_trial_that_runs_does_so_until_the_recording_breaks_off()
    {
        _box.Write("trial.sh", "[ $ASHA_TRIAL_ID = 0 ] || exec sleep 60; echo '@asha {\"resource\": 1, \"metric\": 0.5}'\n");
        using var tune = _box.StartTune("slots=1");
        await tune.Until(() => Directory.Exists(_box.Runs) && Directory.GetFiles(_box.Runs, "trial-000001.log", SearchOption.AllDirectories).Length > 0, "trial 1");
        Assert.Matches(@"^trial 1 runs, 0(\.\d+)? s into attempt 1 on its way to rung 0 \(1 epoch\), at [\d.]+ s, the last event so far\.$", (await Lines(_box.Run, 1))[0]);
        Assert.Matches(@"^trial 0 is paused in rung 0 \(1 epoch\), and might still be promoted: it is rank 1 of 1, of which 0 may go up, at [\d.]+ s, the last event so far\.$", (await Lines(_box.Run, 0))[0]);
        tune.KillHard();
        Assert.EndsWith("where the recording breaks off.", (await Lines(_box.Run, 1))[0]);
        Assert.Equal(("running", JsonValueKind.Null), (await _box.Asha("why", _box.Run, "1", "--json")).Json() is var told ? (told.GetProperty("fate").GetString(), told.GetProperty("outcome").ValueKind) : default);
    }

    [Theory]
    // A second into the two of its job to rung 1.
    [InlineData(4, "was cut by the end of the run (stopped: after 4 s), 1 s into attempt 2 on its way to rung 1 (3 epoch).")]
    // The third result makes it the best of three; what happens at the end counts, and nothing starts.
    [InlineData(3, "was never promoted from rung 0 (1 epoch): at 3 s it was rank 1 of 3, of which 1 might go up, but the run ended (stopped: after 3 s) before its next job could start.")]
    [InlineData(2, "was never promoted from rung 0 (1 epoch): of 2 results none is promoted with a reduction factor of 3.")]
    public async Task The_end_of_the_run_may_be_why(int seconds, string why)
        => Assert.Equal($"trial 0 {why}", (await Lines(await Simulate($"world.horizon={seconds}s"), 0))[0]);

    [Fact]
    public async Task A_trial_that_ran_through_its_levels_went_on_in_its_slot()
    {
        Directory.CreateDirectory(_box.In("recorded"));
        File.Copy("run-stopping.jsonl", _box.In("recorded/events.jsonl"));
        var lines = await Lines("recorded", 0);
        Assert.Contains("  attempt 2, slot 0 on local, 0.097 s to 0.101 s, 0.004 s, goes on from 1: brought its result", lines);
        Assert.Contains("  went on at 0.101 s: rank 1 of 1, 1 candidate, cut-off 0", lines);
        // Loss 7 comes when 9, 0 and 11 are there: second of four, of which one goes on.
        lines = await Lines("recorded", 3);
        Assert.Equal("trial 3 was never promoted from rung 0 (1 epoch): with loss 7 it was rank 2 of the 4 results of that moment, 0.126 s, and only the best went on (cut-off 0).", lines[0]);
        Assert.Contains("  not among the best of that moment, the only one that counts", lines);
    }

    [Theory]
    [InlineData("why sim 9", "trial 9: the run has trials 0 to 8")]
    [InlineData("why sim one", "one: wants the number of a trial")]
    [InlineData("why sim -1", "-1")]
    [InlineData("why nowhere 1", "nowhere: this is not the folder of a run")]
    [InlineData("why sim", "Required argument")]
    public async Task Mistakes_say_what_there_is(string line, string told)
    {
        await Simulate();
        Assert.Contains(told, (await _box.Asha(line.Split(' '))).Exits(2).Error);
    }

    [Theory]
    [InlineData("asha", 0)]
    [InlineData("sha", 0)]
    [InlineData("stopping", 0)]
    [InlineData("asha", 300)]
    [InlineData("sha", 300)]
    public async Task Every_promotion_is_as_recorded_and_who_was_passed_over_was_never_among_the_best(string scheduler, int trials)
    {
        // Recorded runs of real processes, with failures; and simulated ones, without any: there a slot is free for each promotion as soon as it is due.
        var events = trials == 0 ? $"run-{scheduler}.jsonl" : _box.In("sim/events.jsonl");
        if (trials > 0)
        {
            await Simulate();
            File.Delete(events);
            _box.Write("many.yaml", "name: many\nmetric: {name: loss, mode: min}\nresource: {name: epoch, min: 1, max: 27}\nworld: {slots: 16, curve: {type: power-law, noise: 0.05}, stragglers: {sigma: 0.5}}\nspace: {x: {type: uniform, min: 0, max: 1}}\n"
                + $"scheduler: {{type: {scheduler}, reduction-factor: 3, trials: {trials}}}\n");
            (await _box.Asha("simulate", "many.yaml", "--events", "sim/events.jsonl")).Exits(0);
        }
        var stories = StoryAudit.Check([.. EventLines.ReadAll(events)]);
        var passedOver = stories.SelectMany(story => story.Rungs).Where(rung => rung.HasChance).ToList();
        Assert.True(passedOver.Count >= Math.Max(10, trials / 2));
        if (trials > 0)
            Assert.All(passedOver, rung => Assert.All([rung.Arrival, rung.BestChance, rung.Last], moment => Assert.True(moment.Rank > moment.Candidates, $"{moment}")));
    }
}
