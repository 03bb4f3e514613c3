using Asha.Core.Utilization;

namespace Asha.Core.Experiments;

/// <summary>A run as its events tell it: the state and the utilization, folded side by side. A live view, <c>asha show</c> and the tests all read this one.</summary>
public sealed class RunRecord
{
    public ExperimentState State { get; } = new();

    public UtilizationTally Utilization { get; } = new();

    /// <summary>What each slot did, when asked for at the start.</summary>
    public SlotTimelines? Timelines { get; init; }

    /// <summary>Takes the next event. The first one must be <see cref="ExperimentStarted"/>.</summary>
    public void Apply(ExperimentEvent happened)
    {
        if (happened is not ExperimentStarted)
        {
            Utilization.Advance(State, happened);
            Timelines?.Advance(State, happened);
        }
        State.Apply(happened);
    }

    /// <summary>Folds a whole run.</summary>
    public static RunRecord Of(IEnumerable<ExperimentEvent> events)
    {
        var record = new RunRecord();
        foreach (var happened in events)
            record.Apply(happened);
        return record;
    }
}
