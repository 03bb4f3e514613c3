using Asha.Actors.Replay;
using Asha.Core.Experiments;
using Asha.Core.Recordings;
using Asha.Host.Cli;
using Spectre.Console;

namespace Asha.Host.Replaying;

/// <summary>What came of deciding a run again, for people.</summary>
internal static class ReplayReport
{
    /// <summary>A rung of so many results is shown whole; of a larger one, what is near to the trials in question and to the cut-off.</summary>
    private const int Most = 20;

    private const int Near = 2;

    public static void Write(Recording recording, Redecided again, IAnsiConsole console)
    {
        if (again.Difference is { } difference)
            WriteDifference(recording, again, difference, console);
        else
            WriteAgreement(recording, again.State, console);
    }

    private static void WriteAgreement(Recording recording, ExperimentState state, IAnsiConsole console)
    {
        int Count<T>() => recording.Events.Count(happened => happened is T);
        console.Line($"{recording.Run}: all {recording.Events.Count:#,0} events agree. Decided again, as recorded: {Count<TrialPromoted>():#,0} promotions, {Count<TrialSampled>():#,0} samples, {Count<JobStarted>():#,0} starts, {Count<SlotParked>():#,0} times nothing for a slot"
            + (state.Ended is { } ended ? $", and the end: {ended.Outcome}{(ended.Reason.Length > 0 ? $", {ended.Reason}" : "")}." : "."));
        if (state.Ended is null)
            console.Line("The recording has no end: the run goes on, or broke off.");
    }

    private static void WriteDifference(Recording recording, Redecided again, Difference difference, IAnsiConsole console)
    {
        console.Line($"{recording.Run}: {again.Compared:#,0} of {recording.Events.Count:#,0} events agree; then line {difference.Index + 1} of {recording.Path} {(difference.IsAltered ? "is not as it was written" : "differs")}, at {Output.Duration((difference.Recorded ?? again.State.Ended ?? recording.Events[^1]).Time)}:");
        console.Line($"  recorded:      {Words(difference.Recorded)}");
        console.Line(difference.IsAltered
            ? "  It decides nothing, or what follows from it stands in a later line; but its check does not fit: somebody has changed it."
            : $"  decided again: {Words(difference, again.State)}");
        if (RungAt.Of(again) is { } rung)
            Write(rung, again.State, console, [Trial(difference.Recorded), Trial(difference.Decided)]);
    }

    private static string Words(ExperimentEvent? happened) => happened is null ? "nothing" : EventWords.Of(happened);

    /// <summary>Why nothing was decided, if that can be told.</summary>
    private static string Words(Difference difference, ExperimentState before) => difference switch
    {
        { Decided: { } decided } => Words(decided),
        _ when before.Ended is not null => "nothing: the run has ended",
        { Recorded: { } recorded } when recorded.IsFact() => "nothing: there is no such attempt or slot at that moment, or it was counted already",
        _ => "nothing",
    };

    private static int? Trial(ExperimentEvent? happened) => happened switch
    {
        TrialPromoted up => up.Trial,
        JobCompleted done => done.Trial,
        JobStarted started => started.Trial,
        _ => null,
    };

    private static void Write(RungAt rung, ExperimentState state, IAnsiConsole console, int?[] trials)
    {
        var tally = state.Brackets[rung.Bracket].Rungs[rung.Rung];
        console.Line($"Rung {rung.Rung}{(rung.Bracket > 0 ? $" of bracket {rung.Bracket}" : "")}, at {Output.Number(tally.Level)} {state.Spec.Resource.Name}, at that moment: {rung.Places.Count} results, of which the best {rung.Candidates} might go{(state.Spec.Scheduler.Type == SchedulerType.Sha ? " once all are there" : "")}, {tally.Running} running.");
        var table = Output.Table("rank", "trial", state.Spec.Metric.Name, "");
        int[] ranks = [rung.Candidates, .. rung.Places.Where(place => trials.Contains(place.Trial)).Select(place => place.Rank)];
        var before = 0;
        foreach (var place in rung.Places.Where(place => rung.Places.Count <= Most || ranks.Any(rank => Math.Abs(place.Rank - rank) <= Near)))
        {
            if (place.Rank > before + 1)
                table.Row("…", "", "", "");
            table.Row($"{place.Rank}", $"{place.Trial}", Output.Number(place.Metric), place.Promoted ? "promoted" : place.Rank <= rung.Candidates ? "among the best" : "");
            before = place.Rank;
        }
        if (before < rung.Places.Count)
            table.Row("…", "", "", "");
        console.Write(table);
    }
}
