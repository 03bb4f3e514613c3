using Asha.Core.Experiments;
using Asha.Core.Utilization;
using Asha.Host.Scenarios;

namespace Asha.Host.Comparing;

/// <summary>What a picture of one run needs, which is not kept of every run.</summary>
/// <param name="Activity">What all its slots did.</param>
/// <param name="Spans">What each slot did; <c>null</c> where there are more slots than rows.</param>
/// <param name="Nodes">The node of each slot.</param>
/// <param name="Draws">Attempts with their metrics.</param>
internal sealed record RunDetail(SlotActivity Activity, IReadOnlyList<SlotSpan>? Spans, IReadOnlyDictionary<int, string> Nodes, DrawLog Draws);

/// <summary>One simulated run of a comparison.</summary>
internal sealed class ObservedRun
{
    /// <summary>More slots than this are drawn together, not each in a row of its own.</summary>
    public const int MostRows = 64;

    private ObservedRun(SimulatedRunSummary summary, RunCurves curves, RunDetail detail) => (Summary, Curves, Detail) = (summary, curves, detail);

    public SimulatedRunSummary Summary { get; }

    public RunCurves Curves { get; }

    /// <summary><c>null</c> once it was let go.</summary>
    public RunDetail? Detail { get; private set; }

    /// <summary>Keeps only what is small.</summary>
    public void Forget() => Detail = null;

    /// <param name="side">What is run.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="target">A metric whose time is asked for.</param>
    /// <param name="isDrawn">Whether a picture is drawn of it.</param>
    public static ObservedRun Of(ICompared side, long seed, double? target, bool isDrawn)
    {
        var (draws, activity, curves, nodes) = (new DrawLog(), new SlotActivity(), new RunCurves(), new Dictionary<int, string>());
        var record = new SimulatedRecord(target) { Record = new RunRecord { Timelines = isDrawn && side.Spec.Slots <= MostRows ? new SlotTimelines() : null } };
        side.Run(seed, Take, draws.Drawn);
        curves.Keep(activity);
        return new ObservedRun(record.Summary(side.Label), curves, new RunDetail(activity, record.Record.Timelines?.Spans, nodes, draws));

        void Take(ExperimentEvent happened)
        {
            if (happened is not ExperimentStarted)
                activity.Advance(record.Record.State, happened);
            record.Apply(happened);
            draws.Apply(happened);
            curves.Apply(record.Record.State, happened);
            if (happened is SlotJoined joined)
                nodes[joined.Slot] = joined.Node;
        }
    }
}
