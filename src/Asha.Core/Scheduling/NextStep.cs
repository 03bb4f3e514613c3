using Asha.Core.Experiments;

namespace Asha.Core.Scheduling;

/// <summary>What the scheduler wants done next.</summary>
public enum StepKind
{
    /// <summary>Nothing, until a result changes that.</summary>
    Nothing,
    /// <summary>Promote the head of a rung.</summary>
    Promote,
    /// <summary>Sample another trial.</summary>
    Sample,
    /// <summary>Give the job of a waiting trial to the first idle slot.</summary>
    Start,
}

/// <summary>A step; <paramref name="Number"/> is the rung to promote from, or the trial to start.</summary>
public readonly record struct NextStep(StepKind Kind, int Number = 0)
{
    /// <summary>
    /// The one rule that turns what the rungs offer into what is done: retries first, then what was promoted or sampled already, then promotions from
    /// the highest rung down, then a new trial. SHA promotes at the barrier, whether a slot is idle or not; ASHA when an idle slot takes it.
    /// </summary>
    /// <param name="state">The experiment.</param>
    /// <param name="heads">By rung, the trial that it would promote now, or <c>null</c>.</param>
    public static NextStep Choose(ExperimentState state, IReadOnlyList<RungHead?> heads)
    {
        var synchronous = state.Spec.Scheduler.Type == SchedulerType.Sha;
        if (synchronous && HighestHead(heads) is { } barrier)
            return new(StepKind.Promote, barrier);
        // Nothing starts at the moment at which all is cut.
        if (state.Slots.FirstIdle is null || state.Time >= state.Spec.Stop.After)
            return default;
        if (state.Retries.TryPeek(out var retry))
            return new(StepKind.Start, retry);
        if (state.Pending.TryPeek(out var pending))
            return new(StepKind.Start, pending);
        if (HighestHead(heads) is { } rung)
            return new(StepKind.Promote, rung);
        return state.MaySample ? new(StepKind.Sample) : default;
    }

    /// <summary>Whether an idle slot would be given a job: one is waiting, promotable or left to sample.</summary>
    public static bool HasWork(ExperimentState state, IReadOnlyList<RungHead?> heads)
        => state.Retries.Count > 0 || state.Pending.Count > 0 || HighestHead(heads) is not null || state.MaySample;

    /// <summary>Whether nothing is running and there is no more work.</summary>
    public static bool IsOver(ExperimentState state, IReadOnlyList<RungHead?> heads)
        => state.Slots.Engaged == 0 && !HasWork(state, heads);

    private static int? HighestHead(IReadOnlyList<RungHead?> heads)
    {
        for (var rung = heads.Count - 1; rung >= 0; rung--)
        {
            if (heads[rung] is not null)
                return rung;
        }
        return null;
    }
}
