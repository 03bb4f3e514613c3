using Asha.Core.Experiments;
using Asha.Torture.Invariants.Books;

namespace Asha.Torture.Invariants;

/// <summary>
/// What an experiment believes is what its journal says, folded: whenever nothing is on its way to the journal, by counting; field by field at crashes, at the change of phase and at the end. Of one that had decided more than
/// was durable, only the journal itself can be judged.
/// </summary>
public sealed class JournalIsTheState : Invariant
{
    private ExperimentState _folded = new();
    private int _events;

    public override string Name => "the journal refolded is the live state";

    public override void Committed(TimeSpan now, IReadOnlyList<ExperimentEvent> events)
    {
        foreach (var happened in events)
            _folded.Apply(happened);
        _events += events.Count;
    }

    public override void Quiet(TimeSpan now, ExperimentState live, bool isHeld)
    {
        if (!isHeld && _events > 0)
            Judge(Counts(live) == Counts(_folded), $"the experiment counts {Counts(live)}, and its journal, of {_events} events, {Counts(_folded)}");
    }

    public override void Crashed(TimeSpan now, IReadOnlyList<ExperimentEvent> durable, ExperimentState live)
    {
        if (Refold(durable) is { } refolded && refolded.Events == live.Events)
            Compare(refolded, live);
    }

    public override void Changed(TimeSpan now, IReadOnlyList<ExperimentEvent> durable, ExperimentState live) => Crashed(now, durable, live);

    public override void Ended(TimeSpan now, IReadOnlyList<ExperimentEvent> durable, ExperimentState live)
    {
        if (Refold(durable) is { } refolded)
            Compare(refolded, live);
    }

    private ExperimentState? Refold(IReadOnlyList<ExperimentEvent> durable)
    {
        if (durable.Count == 0)
            return null;
        var refolded = new ExperimentState();
        foreach (var happened in durable)
            refolded.Apply(happened);
        Judge(durable.Count == _events && Counts(refolded) == Counts(_folded), $"the journal has {durable.Count} events and counts {Counts(refolded)}; what was told as durable, {_events} events, {Counts(_folded)}");
        // From here on it is what the next engine reads.
        _folded = refolded;
        return refolded;
    }

    private void Compare(ExperimentState refolded, ExperimentState live)
    {
        var difference = SameGraph.Difference(refolded, live);
        Judge(difference is null, $"the journal and the state, here, differ at {difference}");
    }

    private static Progress Counts(ExperimentState state) => state.Brackets.Count == 0 ? default : new(
        state.Time, state.Trials.Count, state.Attempts, state.Jobs, state.Brackets.Count, state.FirstResults, state.RejectedReports, state.IgnoredReports.Total, state.ResourceSpent, state.Retries.Count,
        state.DroppedCheckpoints, state.Resumptions + 1000 * state.Takeovers, Slots(state.Slots), Rungs(state.Brackets[^1].Rungs), state.Stopping is not null, state.Ended is not null);

    private static long Slots(SlotTable slots)
    {
        var sum = 0L;
        for (var phase = SlotPhase.Undecided; phase <= SlotPhase.Awaiting; phase++)
            sum = sum * 1000 + slots.Count(phase);
        return sum;
    }

    private static long Rungs(IReadOnlyList<RungTally> rungs)
    {
        var sum = 0L;
        for (var rung = 0; rung < rungs.Count; rung++)
            sum = sum * 31 + rungs[rung].Started + 100 * (rungs[rung].Completed + 100 * (rungs[rung].Failed + 100 * (rungs[rung].Promoted + 100L * rungs[rung].Running)));
        return sum;
    }

    /// <summary>How far an experiment has come: every event changes one of these.</summary>
    /// <param name="Slots">How many do what, in one number.</param>
    /// <param name="Rungs">What the newest bracket's rungs have, in one number.</param>
    private readonly record struct Progress(
        TimeSpan Time, int Trials, int Attempts, int Jobs, int Brackets, int FirstResults, int Rejected, int Ignored, double Resource, int Retries, int Dropped, int Resumptions, long Slots, long Rungs, bool IsStopping, bool HasEnded);
}
