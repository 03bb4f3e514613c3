using Asha.Core.Experiments;
using Asha.Core.Scheduling;
using Asha.Core.Stories;
using Asha.Host.Cli;
using Spectre.Console;

namespace Asha.Host.Runs;

/// <summary>A trial's story for people: first why it ended where it did, then how it came to that, rung by rung.</summary>
internal static class StoryText
{
    /// <param name="story">The trial's.</param>
    /// <param name="state">The state at the end of the recording.</param>
    /// <param name="isHeld">Whether the run is going on, for all that is known.</param>
    /// <param name="console">Where to.</param>
    public static void Write(TrialStory story, ExperimentState state, bool isHeld, IAnsiConsole console)
    {
        console.Line(StoryWords.Why(story, state, isHeld));
        console.WriteLine();
        console.Line($"sampled at {StoryWords.Time(story.Sampled!.Value)} into bracket {state.Trials[story.Trial].Bracket} of {state.Origin.Run}");
        foreach (var (name, value) in state.Trials[story.Trial].Parameters.Values)
            console.Line($"  {name}: {value}");
        console.Line($"  seed of the trial: {state.Spec.SeedOf(story.Trial)}");
        foreach (var job in story.Jobs)
        {
            console.WriteLine();
            console.Line($"to rung {job.Rung}{StoryWords.Level(state, job.Level)}");
            if (job.Attempts.Count == 0)
                console.Line("  not started");
            foreach (var attempt in job.Attempts)
                Write(attempt, console);
            if (job.Rung < story.Rungs.Count)
                Write(story.Rungs[job.Rung], state, console);
        }
    }

    private static void Write(AttemptStory attempt, IAnsiConsole console)
    {
        var started = attempt.Started;
        var from = started.GoesOn ? $"goes on from {Output.Number(started.Start)}"
            : attempt.IsCheckpointDropped ? $"from {Output.Number(started.Start)}, its checkpoint having gone to keep within the disk budget"
            : started.Checkpoint is { } kept ? $"from {Output.Number(started.Start)}, checkpoint {kept.Path} of attempt {kept.Attempt}" : $"from {Output.Number(started.Start)}";
        var span = attempt.End is { } end ? $"{StoryWords.Time(started.Time)} to {StoryWords.Time(end)}, {StoryWords.Time(end - started.Time)}" : $"since {StoryWords.Time(started.Time)}";
        var outcome = attempt.Outcome switch
        {
            AttemptOutcome.Result => "brought its result",
            AttemptOutcome.Failed => $"failed: {attempt.Cause}{(attempt.IsLast ? ", and is not tried again" : attempt.BackOff is { } wait ? $", and is tried again {StoryWords.Time(wait)} later at the earliest" : "")}{(attempt.IsForgiven ? "; its node failed it, and it costs no try" : "")}",
            AttemptOutcome.Lost => $"lost: {attempt.Cause}; this costs no try",
            AttemptOutcome.Cut => "cut by the end of the run",
            _ when attempt.End is not null => "over, its report on its way",
            _ => "under way",
        };
        console.Line($"  attempt {started.Attempt}, slot {started.Slot} on {attempt.Node}, {span}, {from}: {outcome}");
        foreach (var line in attempt.Detail.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            console.Line($"    {line}");
    }

    private static void Write(RungStory rung, ExperimentState state, IAnsiConsole console)
    {
        var result = rung.IsFailure ? "counts as a result that is not finite" : $"{StoryWords.Metric(state, rung)} at {Output.Number(rung.Resource)} {state.Spec.Resource.Name}";
        console.Line($"  {result}, counted at {StoryWords.Time(rung.Arrival.Time)}: {Arrival(rung)}");
        if (rung.Promotion is { } up)
            console.Line($"  {(rung.Rule == RungRule.Stopping ? "went on" : "promoted")} at {StoryWords.Time(up.Time)}: {StoryWords.Moment(up)}");
        else if (rung.Rule == RungRule.Stopping)
            console.Line($"  {(!double.IsFinite(rung.Metric) ? "not finite: never goes on" : rung.Arrival.IsAmong ? "among the best of that moment" : "not among the best of that moment, the only one that counts")}");
        else if (rung.Rule != RungRule.Top && !double.IsFinite(rung.Metric))
            console.Line("  not finite: never promoted");
        else if (rung.HasChance)
            console.Line($"  {(state.Ended is null && rung.HopelessSince is null ? "not promoted so far" : "never promoted")}; its best chance at {StoryWords.Time(rung.BestChance.Time)}: {StoryWords.Moment(rung.BestChance)}{(rung.HopelessSince is { } since ? $"; none any more since {StoryWords.Time(since)}" : "")}");
        console.Line($"  at the end of the recording: {(rung.Rule == RungRule.Top ? $"rank {rung.Last.Rank} of {rung.Last.Results}" : StoryWords.Moment(rung.Last))}");
    }

    private static string Arrival(RungStory rung) => rung.Rule switch
    {
        RungRule.Top => $"rank {rung.Arrival.Rank} of {rung.Arrival.Results}",
        RungRule.Synchronous => $"{StoryWords.Moment(rung.Arrival)}; the rung waits for {rung.WaitsFor} results",
        _ => StoryWords.Moment(rung.Arrival),
    };
}
