using Asha.Actors.Persistence;
using Asha.Actors.Simulation;
using Asha.Core.Experiments;

namespace Asha.Host.Tests.Cli;

/// <summary>A run of real processes, played again in virtual time from what its journal says of them: the same actors decide the same.</summary>
public sealed class ReplayTests
{
    /// <summary>Half of all trials take longer, some fail at first; the metric is no order of the numbers, and ties.</summary>
    private const string Uneven = "[ $((trial % 5 + attempt)) = 4 ] && exit 3; [ $((trial % 2)) = 0 ] && sleep 0.0$((trial * 7 % 9)); save $target $((trial * 11 % 13))";

    private const string RunsThrough = "for ((e = start + 1; e <= target; e++)); do report $e $((trial * 11 % 13)); sleep 0.01; done";

    [Theory]
    [InlineData("asha", 1)]
    [InlineData("asha", 3)]
    [InlineData("sha", 3)]
    [InlineData("stopping", 3)]
    public async Task What_was_decided_live_is_decided_again(string scheduler, int slots)
    {
        using var box = new CliSandbox(scheduler == "stopping" ? RunsThrough : Uneven);
        (await box.Tune($"scheduler.type={scheduler}", $"slots={slots}", "scheduler.trials=18")).Exits(0);
        IsDecidedAgain(Path.Combine(box.Run, "events.jsonl"));
    }

    [Theory]
    [InlineData("asha")]
    [InlineData("sha")]
    [InlineData("stopping")]
    public void What_was_decided_long_ago_is_decided_again(string scheduler)
        // Journals of runs of real processes, recorded in November 2026: who changes a decision sees it here.
        => IsDecidedAgain($"run-{scheduler}.jsonl");

    private static void IsDecidedAgain(string journal)
    {
        var live = EventLines.ReadAll(journal).ToList();
        var again = Replay(live);
        Assert.Equal(Decisions(live), Decisions(again));
        Assert.Equal(live.OfType<TrialPromoted>().Select(up => (up.Trial, up.Rung, up.Rank, up.Results, up.Candidates)), again.OfType<TrialPromoted>().Select(up => (up.Trial, up.Rung, up.Rank, up.Results, up.Candidates)));
        Assert.True(live.OfType<TrialPromoted>().Count() >= 3);
    }

    /// <summary>Each attempt ends when it ended, with what it brought.</summary>
    private static List<ExperimentEvent> Replay(List<ExperimentEvent> live)
    {
        var ends = new Dictionary<(int Trial, int Attempt), SimulatedAttempt>();
        foreach (var happened in live)
        {
            if (happened is JobCompleted done)
                ends[(done.Trial, done.Attempt)] = new(done.Time, new TrialReport(done.Resource, done.Metric, "kept"), new TrialEnding(EndingCause.Exited));
            if (happened is AttemptFailed failed)
                ends[(failed.Trial, failed.Attempt)] = new(failed.Time, null, new TrialEnding(EndingCause.Exit));
        }
        var again = new List<ExperimentEvent>();
        new SimulatedRun(((ExperimentStarted)live[0]).Experiment, job => ends[(job.Trial, job.Attempt)] is var end ? end with { Length = end.Length - job.Time } : default) { Told = again.Add }.Run();
        return again;
    }

    private static IEnumerable<string> Decisions(IEnumerable<ExperimentEvent> events) => events.Select(happened => happened switch
    {
        TrialSampled sampled => $"sample {sampled.Trial}",
        TrialPromoted up => $"promote {up.Trial} out of {up.Rung}",
        JobStarted started => $"start {started.Trial}@{started.Rung}, attempt {started.Attempt}, on {started.Slot}",
        _ => "",
    }).Where(decision => decision.Length > 0);
}
