using Asha.Core.Experiments;
using Asha.Host.Cli;
using Asha.Host.Runs;

namespace Asha.Host.View;

/// <summary>The last promotions, with why, and the last bests.</summary>
internal static class LatestSection
{
    public static Line Row(ExperimentState state, object step) => step switch
    {
        TrialPromoted up => At(up.Time).Add($"trial {up.Trial} promoted", Tone.Good).Add(
            $" to {Output.Number(state.Brackets[up.Bracket].Rungs[up.Rung + 1].Level)} {state.Spec.Resource.Name}: {state.Spec.Metric.Name} {Output.Number(up.Metric)}, rank {up.Rank} of {up.Results}, cut-off {Output.Number(up.CutOff)}"),
        BestStep best => At(best.Time).Add($"trial {best.Trial} is the best", Tone.Strong).Add($": {state.Spec.Metric.Name} {Output.Number(best.Metric)} at {Output.Number(best.Resource)} {state.Spec.Resource.Name}"),
        CheckpointLoss loss => At(loss.Event.Time).Add(CheckpointWords.Of(loss), Tone.Bad),
        JobStarted again => At(again.Time).Add(CheckpointWords.Restart(state, again)),
        AttemptLost lost => At(lost.Time).Add(LossWords.Of(state, lost)),
        ExperimentStopping stopping => At(stopping.Time).Add(LossWords.Of(stopping)),
        BracketOpened opened => At(opened.Time).Add($"bracket {opened.Bracket} opens"),
        TrialsLimited limited => At(limited.Time).Add($"sampling ends at {limited.Trials} trials: {limited.Reason}"),
        SlotLost slot => At(slot.Time).Add($"slot {slot.Slot} was lost", Tone.Bad),
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, "This is no step."),
    };

    private static Line At(TimeSpan time) => Line.Empty.Add($"  {Words.Clock(time),8}  ", Tone.Faint);
}
