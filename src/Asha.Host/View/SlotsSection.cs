using Asha.Host.Runs;
using Asha.Core.Experiments;
using Asha.Core.Utilization;

namespace Asha.Host.View;

/// <summary>What each slot runs, to where, and for how long; and what slots did so far.</summary>
internal static class SlotsSection
{
    /// <summary>So many slots are overlooked at a glance; of more, the longest attempt is named: it may hang.</summary>
    private const int Few = 8;

    public static Line Summary(Moment moment)
    {
        var (state, slots) = (moment.State, moment.State.Slots);
        var line = Line.Empty.Add("slots", Tone.Strong).Add($"  {slots.Count(SlotPhase.Busy)} of {slots.Present} busy", Tone.Busy);
        if (slots.Count(SlotPhase.Parked) is > 0 and var parked)
            line.Add($", {parked} idle ({IdleCauses.OfParked(state).Name()})");
        if (slots.Waiting is > 0 and var undecided)
            line.Add($", {undecided} idle ({IdleCause.WaitingForDecision.Name()})");
        if (slots.Count(SlotPhase.Lost) is > 0 and var lost)
            line.Add($", {lost} lost", Tone.Bad);
        if (slots.Present > Few && state.Running.MinBy(trial => trial.Since) is { } longest)
            line.Add($", longest trial {longest.Trial} for {Words.Clock(moment.Now - longest.Since)}");
        return line;
    }

    public static Line Utilization(Moment moment)
    {
        var time = new SlotTime(moment.Record, moment.Now);
        var idle = string.Join(", ", time.Idle.Where(cause => cause.Share >= 0.0005).Select(cause => $"{cause.Cause.Name()} {Share(cause.Share)}"));
        return Line.Empty.Add("utilization", Tone.Strong).Add($"  {Share(time.Utilization)}").Add($"  idle: {(idle.Length > 0 ? idle : "none")}");
    }

    /// <summary>How many rows the list asks for: one for each slot, up to a third of the screen, with a head.</summary>
    public static int Wanted(Moment moment, Look look) => moment.State.Slots.Present == 0 ? 0 : Math.Min(1 + moment.State.Slots.Present, Math.Max(2, look.Height / 3 + 1));

    /// <summary>The slots in columns, as much of each as fits; where not all fit, those that are busy, and how many more there are.</summary>
    public static IReadOnlyList<Line> Draw(Moment moment, Look look, int rows)
    {
        var slots = moment.State.Slots;
        if (rows < 2 || slots.Present == 0)
            return [];
        int[] all = [.. slots.All.Select(slot => slot.Key)];
        foreach (var detail in new[] { SlotDetail.Bar, SlotDetail.Resource, SlotDetail.Trial })
        {
            if (new SlotLayout(moment, look, all, detail) is var layout && layout.Fits(rows))
                return layout.Draw(rows);
        }
        int[] busy = [.. all.Where(slot => slots.PhaseOf(slot) == SlotPhase.Busy)];
        return busy.Length == 0 ? [] : new SlotLayout(moment, look, busy, SlotDetail.Trial).Draw(rows);
    }

    /// <summary>Never a round 100 while a part of it is missing.</summary>
    private static string Share(double share) => share is < 1 and >= 0.9995 ? "99.9 %" : $"{share * 100:0.0} %";
}
