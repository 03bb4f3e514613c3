using Asha.Core.Experiments;

namespace Asha.Core.Scheduling;

/// <summary>What the scheduler wants done next.</summary>
public enum StepKind
{
    /// <summary>Nothing, until a result changes that.</summary>
    Nothing,
    /// <summary>Promote the head of a rung.</summary>
    Promote,
    /// <summary>Sample another trial for a bracket.</summary>
    Sample,
    /// <summary>Give the job of a waiting trial to the first idle slot, or to the one that its process runs on.</summary>
    Start,
    /// <summary>Open another bracket.</summary>
    Open,
}

/// <summary>A step.</summary>
/// <param name="Kind">What is to be done.</param>
/// <param name="Bracket">To promote, sample: the bracket.</param>
/// <param name="Number">To promote: the rung that the trial leaves; to start: the trial.</param>
/// <param name="IsAtOnce">It takes no idle slot that another trial could have.</param>
public readonly record struct NextStep(StepKind Kind, int Bracket = 0, int Number = 0, bool IsAtOnce = false)
{
    /// <summary>
    /// The one rule that turns what the rungs offer into what is done: retries whose back-off has ended first, then, of the open brackets, oldest first: what was promoted or sampled already, promotions from
    /// the highest rung down, a new trial; then another bracket. SHA promotes at the barrier, whether a slot is idle or not; ASHA when an idle slot takes it; a trial that cannot be resumed goes on before all else.
    /// </summary>
    /// <param name="state">The experiment.</param>
    /// <param name="heads">What the rungs offer.</param>
    public static NextStep Choose(ExperimentState state, RungHeads heads)
    {
        var type = state.Spec.Scheduler.Type;
        if (type != SchedulerType.Asha && Promotion(heads) is { } atOnce)
            return atOnce with { IsAtOnce = true };
        // Nothing starts while the run is being stopped, nor at the moment at which all is cut. But who goes up at once has gone up: of trials that cannot be resumed nobody would look at it again.
        if (state.Stopping is not null || state.Slots.FirstIdle is null || state.Time >= state.Spec.Stop.After)
            return default;
        if (type == SchedulerType.Stopping && state.Brackets[0].Pending.TryPeek(out var next))
            return new(StepKind.Start, 0, next, IsAtOnce: true);
        if (state.Retries.TryPeek(out var retry))
            return new(StepKind.Start, Number: retry);
        if (Oldest(state, heads) is not { } bracket)
            return state.MayOpen ? new(StepKind.Open) : default;
        if (state.Brackets[bracket].Pending.TryPeek(out var pending))
            return new(StepKind.Start, bracket, pending);
        return heads.Highest(bracket) is { } rung ? new(StepKind.Promote, bracket, rung) : new(StepKind.Sample, bracket);
    }

    /// <summary>Whether an idle slot would be given a job: one is waiting, promotable or left to sample.</summary>
    public static bool HasWork(ExperimentState state, RungHeads heads) => state.Retries.Count > 0 || Oldest(state, heads) is not null || state.MayOpen;

    /// <summary>Whether nothing is running and there is no more work, nor will be when a back-off ends.</summary>
    public static bool IsOver(ExperimentState state, RungHeads heads) => state.Slots.Engaged == 0 && !state.Retries.AnyBackingOff && !HasWork(state, heads);

    private static NextStep? Promotion(RungHeads heads) => heads.First is { } bracket ? new(StepKind.Promote, bracket, heads.Highest(bracket)!.Value) : null;

    /// <summary>The oldest bracket that has a job: one waits, one may be promoted, or it may take another trial, which only the newest ever may.</summary>
    private static int? Oldest(ExperimentState state, RungHeads heads)
    {
        var oldest = state.MaySample(state.Brackets.Count - 1) ? state.Brackets.Count - 1 : (int?)null;
        if (heads.First is { } offers && !(oldest < offers))
            oldest = offers;
        return state.FirstWaiting is { } waits && !(oldest < waits) ? waits : oldest;
    }
}
