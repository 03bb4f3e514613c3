using System.Globalization;
using Asha.Core.Experiments;
using Asha.Core.Scheduling;
using Asha.Core.Stories;
using Asha.Host.Cli;
using Asha.Host.View;

namespace Asha.Host.Runs;

/// <summary>Why a trial ended where it did, in a sentence. Whatever a trial said is in it as it came: who shows it cleans it.</summary>
internal static class StoryWords
{
    /// <param name="story">The trial's.</param>
    /// <param name="state">The state at the end of the recording.</param>
    /// <param name="isHeld">Whether the run is going on, for all that is known.</param>
    public static string Why(TrialStory story, ExperimentState state, bool isHeld)
    {
        var at = $"{Time(state.Time)}, {(isHeld ? "the last event so far" : "where the recording breaks off")}";
        return $"trial {story.Trial} " + story.FateIn(state) switch
        {
            TrialFate.Completed => $"completed: it was trained up to the top rung{Level(state, story.Rungs[^1].Level)}, with {Metric(state, story.Rungs[^1])}; there it is rank {story.Rungs[^1].Last.Rank} of {story.Rungs[^1].Last.Results}.",
            TrialFate.Failed => Failed(story, state),
            TrialFate.NotFinite => $"was never promoted from rung {story.Rungs[^1].Rung}{Level(state, story.Rungs[^1].Level)}: its {state.Spec.Metric.Name} there is not finite, and such results never are.",
            TrialFate.NotPromoted => $"was never promoted from rung {story.Rungs[^1].Rung}{Level(state, story.Rungs[^1].Level)}: {Passed(story.Rungs[^1], state)}.",
            TrialFate.Cut => $"was cut by the end of the run ({End(state)}), {Going(story, state)}.",
            TrialFate.Paused => $"is paused in rung {story.Rungs[^1].Rung}{Level(state, story.Rungs[^1].Level)}, and might still be promoted: {Stands(story.Rungs[^1])} at {at}.",
            TrialFate.Waiting when state.Trials[story.Trial].RetryAt is { } from => $"waits until {Time(from)} to be tried again after {state.Trials[story.Trial].RetryReason}, to go to rung {story.Jobs[^1].Rung}{Level(state, story.Jobs[^1].Level)}, at {at}.",
            TrialFate.Waiting => $"waits for a slot to go to rung {story.Jobs[^1].Rung}{Level(state, story.Jobs[^1].Level)}, at {at}.",
            TrialFate.Running => $"runs, {Going(story, state)}, at {at}.",
            _ => throw new ArgumentOutOfRangeException(nameof(story)),
        };
    }

    /// <summary>As on the command line and in JSON: <c>not-promoted</c>.</summary>
    public static string Kebab<T>(T value) where T : struct, Enum
        => string.Concat(value.ToString().Select((letter, index) => char.IsUpper(letter) ? (index > 0 ? "-" : "") + char.ToLowerInvariant(letter) : $"{letter}"));

    /// <summary>Short runs take milliseconds.</summary>
    public static string Time(TimeSpan time) => time.TotalMinutes < 10 ? time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture) + " s" : Output.Duration(time);

    public static string Level(ExperimentState state, double level) => $" ({Output.Number(level)} {state.Spec.Resource.Name})";

    public static string Metric(ExperimentState state, RungStory rung) => $"{state.Spec.Metric.Name} {Output.Number(rung.Metric)}";

    /// <summary>Rank, candidates and cut-off of a moment.</summary>
    public static string Moment(RungMoment moment)
        => $"rank {moment.Rank} of {moment.Results}, {Words.Count(moment.Candidates, "candidate")}, cut-off {(moment.CutOff is { } cutOff ? Output.Number(cutOff) : "none")}";

    private static string Stands(RungStory rung) => rung.Rule == RungRule.Synchronous
        ? $"it is rank {rung.Last.Rank} of {rung.Last.Results}, and the rung waits for {rung.WaitsFor} results,"
        : $"it is rank {rung.Last.Rank} of {rung.Last.Results}, of which {rung.Last.Candidates} may go up,";

    private static string Failed(TrialStory story, ExperimentState state)
    {
        var (job, last) = (story.Jobs[^1], story.Jobs[^1].Attempts[^1]);
        AttemptStory[] counted = [.. job.Attempts.Where(attempt => attempt is { Outcome: AttemptOutcome.Failed, IsForgiven: false })];
        var (kind, limits) = (FaultNames.KindOf(last.Cause), state.Spec.Trial);
        var alike = counted.Count(attempt => FaultNames.KindOf(attempt.Cause) == kind);
        var given = counted.Length >= limits.MaxAttempts ? $"{counted.Length} of at most {limits.MaxAttempts} tries"
            : alike >= limits.MaxAttemptsByFault?.Of(kind) ? $"{alike} of at most {alike} tries that may end with {Kebab(kind)}" : "its slot was given up with it";
        return $"failed for good on its way to rung {job.Rung}{Level(state, job.Level)}: {given}, the last one by {last.Cause}.";
    }

    private static string Passed(RungStory rung, ExperimentState state)
    {
        var (metric, best) = (Metric(state, rung), rung.BestChance);
        var cutOff = best.CutOff is { } last ? $" (cut-off {Output.Number(last)}{(last == rung.Metric && !best.IsAmong ? ", a tie: of equal ones the lower trial number goes first" : "")})" : "";
        return rung.Rule switch
        {
            _ when best.IsAmong => $"at {Time(best.Time)} it was rank {best.Rank} of {best.Results}, of which {best.Candidates} might go up, " + (rung.Last.IsAmong && state.Ended is not null
                ? $"but the run ended ({End(state)}) before its next job could start"
                : "but what goes first had the slots until better results came"),
            RungRule.Stopping => $"with {metric} it was rank {best.Rank} of the {best.Results} results of that moment, {Time(best.Time)}, and {Best(best.Candidates)} went on{cutOff}",
            RungRule.Synchronous when best.Candidates > 0 => $"when all {best.Results} results were there, at {Time(best.Time)}, it was rank {best.Rank} with {metric}, and {Best(best.Candidates)} went up{cutOff}",
            RungRule.Synchronous when rung.Last.Results < rung.WaitsFor => $"{(state.Ended is null ? "the rung has" : $"when the run ended ({End(state)}) the rung had")} {rung.Last.Results} of the {rung.WaitsFor} results that it waits for, and "
                + (rung.HopelessSince is { } since ? $"since {Time(since)} too many of them were better than its {metric}" : $"it was rank {rung.Last.Rank} with {metric}"),
            _ when best.Candidates == 0 => $"of {rung.Last.Results} results none is promoted with a reduction factor of {state.Spec.Scheduler.ReductionFactor}",
            _ => $"with {metric} it never was among the best 1/{state.Spec.Scheduler.ReductionFactor}; closest, at {Time(best.Time)}, as rank {best.Rank} of {best.Results} when {best.Candidates} might go up{cutOff}",
        };
    }

    private static string Best(int count) => count == 1 ? "only the best" : $"the best {count}";

    /// <summary>What it was about at the end of the recording.</summary>
    private static string Going(TrialStory story, ExperimentState state)
    {
        var job = story.Jobs[^1];
        var way = $"to rung {job.Rung}{Level(state, job.Level)}";
        return job.Attempts is [.., { Outcome: AttemptOutcome.UnderWay or AttemptOutcome.Cut } last]
            ? $"{Time((last.End ?? state.Time) - last.Started.Time)} into attempt {last.Started.Attempt} on its way {way}"
            : $"as it waited for a slot to go {way}{(job.Attempts.Count > 0 ? " once more" : "")}";
    }

    private static string End(ExperimentState state) => state.Ended is not { } ended ? "" : ended.Reason.Length > 0 ? $"{ended.Outcome}: {ended.Reason}" : ended.Outcome;
}
