using Asha.Actors.Replay;
using Asha.Core.Experiments;

namespace Asha.Host.Replaying;

/// <summary>The rung that a difference is about, as it stands before it.</summary>
/// <param name="Bracket">Its bracket.</param>
/// <param name="Rung">The rung.</param>
/// <param name="Candidates">How many of the best might be promoted, ⌊m/η⌋, of trials that run on at least one; SHA promotes none of them before all results are there.</param>
/// <param name="Places">All its results, best first.</param>
internal sealed record RungAt(int Bracket, int Rung, int Candidates, IReadOnlyList<ResultInRung> Places)
{
    /// <summary>Of a promotion, recorded or decided, the rung that the trial leaves; of a result, the one that it is in; of a start, the one below; of a report, the one that its trial is going to; otherwise none.</summary>
    public static RungAt? Of(Redecided again)
    {
        var (recorded, decided) = (again.Difference!.Recorded, again.Difference.Decided);
        if ((Promotion(decided) ?? Promotion(recorded) ?? Result(decided) ?? Result(recorded) ?? Start(decided) ?? Start(recorded) ?? Report(recorded, again.State)) is not var (bracket, rung))
            return null;
        if (bracket < 0 || bracket >= again.State.Brackets.Count || rung < 0 || rung >= again.State.Brackets[bracket].Rungs.Count)
            return null; // The recording was changed to something that is not there.
        var places = RungRanking.Of(again.State, bracket, rung);
        var least = again.State.Spec.Scheduler.Type == SchedulerType.Stopping ? Math.Min(1, places.Count) : 0;
        return new RungAt(bracket, rung, Math.Max(least, places.Count / again.State.Spec.Scheduler.ReductionFactor), places);
    }

    private static (int Bracket, int Rung)? Promotion(ExperimentEvent? happened) => happened is TrialPromoted up ? (up.Bracket, up.Rung) : null;

    private static (int Bracket, int Rung)? Result(ExperimentEvent? happened) => happened switch
    {
        JobCompleted done => (done.Bracket, done.Rung),
        AttemptFailed failed => (failed.Bracket, failed.Rung),
        _ => null,
    };

    private static (int Bracket, int Rung)? Start(ExperimentEvent? happened) => happened is JobStarted started ? (started.Bracket, Math.Max(0, started.Rung - 1)) : null;

    private static (int Bracket, int Rung)? Report(ExperimentEvent? happened, ExperimentState state)
        => happened is ReportAccepted { Trial: var number } && number >= 0 && number < state.Trials.Count ? (state.Trials[number].Bracket, state.Trials[number].Rung) : null;
}
