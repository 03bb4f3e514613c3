using Asha.Actors.Persistence;
using Asha.Actors.Replay;
using Asha.Actors.Simulation;
using Asha.Actors.Tests.Simulation;
using Asha.Core.Experiments;
using Asha.Core.Tests;
using Asha.Core.Worlds;
using CsCheck;

namespace Asha.Actors.Tests.Replay;

/// <summary>Recorded runs are decided again, and whatever was changed in a recording is found where it stands.</summary>
public sealed class RedecisionTests
{
    // Recorded by earlier versions, or by this one, and never to be made anew: who changes a decision sees it here.
    public static TheoryData<string> Recordings => [.. Directory.EnumerateFiles(AppContext.BaseDirectory, "run-*.jsonl").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Recordings))]
    public void What_was_decided_long_ago_is_decided_again(string name) => Agrees(Read(name));

    [Theory]
    [MemberData(nameof(Recordings))]
    public void A_changed_metric_is_found_at_its_result_and_a_changed_decision_where_it_stands(string name)
    {
        var recorded = Read(name);
        var changed = 0;
        for (var index = 1; index < recorded.Count; index++)
        {
            if (Change(recorded[index]) is not { } other)
                continue;
            var copy = recorded.ToList();
            copy[index] = other;
            Assert.Equal((index, other), Redecision.Of(copy) is { Difference: { } found } ? (found.Index, found.Recorded) : default);
            changed++;
        }
        Assert.True(changed > recorded.Count / 3);
    }

    [Theory]
    [MemberData(nameof(Recordings))]
    public void That_messages_changed_nothing_decides_nothing(string name)
    {
        // Before what an ending brought, as it is written, in every second place.
        var told = 0;
        var recorded = Read(name).SelectMany(happened => happened is JobCompleted or AttemptFailed && told++ % 2 == 0 ? [new ReportsIgnored(happened.Time, 3, 0, 1, 0), happened] : (ExperimentEvent[])[happened]).ToList();
        // A message that brought reports with its ending stands behind it.
        for (var at = 1; at < recorded.Count; at++)
        {
            for (var to = at; recorded[to] is ReportsIgnored && recorded[to - 1] is ReportAccepted or ReportRejected && recorded[to - 1].Time == recorded[to].Time; to--)
                (recorded[to - 1], recorded[to]) = (recorded[to], recorded[to - 1]);
        }
        Assert.InRange(told, 10, recorded.Count);
        Agrees(recorded);
    }

    [Theory]
    [MemberData(nameof(Recordings))]
    public void A_decision_that_is_missing_or_was_put_in_is_found(string name)
    {
        var recorded = Read(name);
        for (var index = 1; index < recorded.Count; index++)
        {
            if (recorded[index] is not (TrialPromoted or JobStarted or TrialSampled or SlotParked))
                continue;
            List<ExperimentEvent> without = [.. recorded.Where((_, at) => at != index)], twice = [.. recorded.Take(index + 1), .. recorded.Skip(index)];
            // Of two alike the second one may stand there as well.
            Assert.Equal(index, Redecision.Of(without).Difference?.Index);
            Assert.Equal(index + 1, Redecision.Of(twice).Difference?.Index);
        }
    }

    [Theory]
    [MemberData(nameof(Recordings))]
    public void A_recording_that_broke_off_agrees_as_far_as_it_goes(string name)
    {
        var recorded = Read(name);
        for (var length = 1; length < recorded.Count; length++)
            Assert.Equal((length, null), Redecision.Of([.. recorded.Take(length)]) is var again ? (again.Compared, again.Difference) : default);
    }

    [Fact]
    public void A_changed_result_is_found_at_the_first_promotion_that_it_changes()
    {
        // Both the report and the result say so: then only what follows from it is wrong.
        var recorded = Read("run-asha.jsonl");
        var promotion = recorded.FindIndex(happened => happened is TrialPromoted);
        var trial = ((TrialPromoted)recorded[promotion]).Trial;
        var copy = recorded.Select((happened, at) => at < promotion && happened is JobCompleted done && done.Trial == trial ? done with { Metric = 1000 }
            : at < promotion && happened is ReportAccepted report && report.Trial == trial ? report with { Metric = 1000 } : happened).ToList();
        Assert.Equal(promotion, Redecision.Of(copy).Difference?.Index);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Whatever_is_simulated_is_decided_again(bool waits) => RandomTable.Drawn(waits).Sample(drawn =>
    {
        // Crashes, ties, brackets, levels run through, horizons, nodes that die, or leave when they are idle, and reports that take their time.
        var table = drawn with { Horizon = TimeSpan.FromSeconds(drawn.Total is null || drawn.Seed % 3 == 0 ? 4 + Math.Abs(drawn.Seed % 23) : 1_000_000) };
        IEnumerable<WorldNode> nodes = SimulationTests.Nodes(table);
        if (drawn.NodesComeAndGo && drawn.Seed % 2 == 0)
            nodes = nodes.Select((node, number) => number == 0 ? node : node with { Dies = null, Leaves = node.Dies });
        var events = new List<ExperimentEvent>();
        new SimulatedRun(table.Spec with { Slots = table.Slots, Stop = table.Spec.Stop with { After = table.Horizon } }, [.. nodes], (job, _) => SimulationTests.Of(table.AttemptOf(job.Trial, job.Rung, job.Attempt), job))
        {
            Told = events.Add,
            DecisionLatency = TimeSpan.FromSeconds(Math.Abs(drawn.Seed % 5) / 4),
        }.Run();
        Agrees(events);
    }, iter: 300, threads: 2);

    private static void Agrees(List<ExperimentEvent> recorded)
    {
        var again = Redecision.Of(recorded);
        Assert.True(again.Difference is null, $"{again.Difference}\nrecorded:\n{string.Join('\n', recorded.Index().Skip(again.Compared - 20).Take(30))}");
        Assert.Equal(recorded.Count, again.Compared);
    }

    /// <summary>Something else in the place of a result or a decision; <c>null</c>: it is neither.</summary>
    private static ExperimentEvent? Change(ExperimentEvent happened) => happened switch
    {
        JobCompleted done => done with { Metric = done.Metric + .25 },
        TrialPromoted up => up with { Trial = up.Trial + 1 },
        JobStarted started => started with { Slot = started.Slot + 1 },
        TrialSampled sampled => sampled with { Trial = sampled.Trial + 1 },
        AttemptFailed failed => failed with { Last = !failed.Last },
        _ => null,
    };

    private static List<ExperimentEvent> Read(string name) => [.. EventLines.ReadAll(Path.Combine(AppContext.BaseDirectory, name))];
}
