using Asha.Core.Stories;
using Asha.Core.Utilization;

namespace Asha.Core.Experiments;

/// <summary>
/// A run as its events tell it: the state and the utilization, folded side by side, and whatever else was asked for at the start. A live view, <c>asha show</c>, pictures and tests all read this one.
/// </summary>
public sealed class RunRecord
{
    public ExperimentState State { get; } = new();

    public UtilizationTally Utilization { get; } = new();

    /// <summary>What each slot did, where asked for.</summary>
    public SlotTimelines? Timelines { get; init; }

    /// <summary>What each trial reported, where asked for.</summary>
    public LearningCurves? Curves { get; init; }

    /// <summary>How the best came about, where asked for.</summary>
    public BestHistory? Bests { get; init; }

    /// <summary>The cut-offs of the rungs, where asked for.</summary>
    public RungStandings? Standings { get; init; }

    /// <summary>How many attempts ended how, where asked for.</summary>
    public JobOutcomes? Outcomes { get; init; }

    /// <summary>One trial's story, where asked for.</summary>
    public TrialStory? Story { get; init; }

    /// <summary>A record that keeps all there is, but for the story of a trial.</summary>
    public static RunRecord Whole() => new() { Timelines = new(), Curves = new(), Bests = new(), Standings = new() };

    /// <summary>Takes the next event. The first one must be <see cref="ExperimentStarted"/>.</summary>
    public void Apply(ExperimentEvent happened)
    {
        if (happened is not ExperimentStarted)
        {
            Utilization.Advance(State, happened);
            Timelines?.Advance(State, happened);
        }
        State.Apply(happened);
        Curves?.Advance(happened);
        Bests?.Advance(State, happened);
        Standings?.Advance(State, happened);
        Outcomes?.Advance(happened);
        Story?.Advance(State, happened);
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
