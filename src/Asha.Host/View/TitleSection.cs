namespace Asha.Host.View;

/// <summary>Which run, since when, and how much longer.</summary>
internal static class TitleSection
{
    public static Line First(Moment moment, Look look)
    {
        var elapsed = Words.Clock(moment.Now);
        var rest = moment.State.Stopping is null ? $"rest {Words.About(moment.Rest)}" : "stopping";
        var right = look.Width < 60 ? $"{elapsed}, {rest}" : $"elapsed {elapsed}, {rest}";
        var name = Line.Empty.Add(moment.State.Origin.Run, Tone.Strong).Fit(Math.Max(8, look.Width - right.Length - 2), look.Ellipsis);
        return name.To(look.Width - right.Length).Add(right);
    }

    public static Line Second(Moment moment, Look look)
    {
        var (state, spec) = (moment.State, moment.State.Spec);
        var scheduler = $"{spec.Scheduler.Name}, {look.Eta} {spec.Scheduler.ReductionFactor}";
        var limit = state.TrialLimit is { } most ? $" of {most}" : "";
        return Line.Empty.Add($"{scheduler}   {spec.Metric.Mode.ToString().ToLowerInvariant()} {spec.Metric.Name}   {state.Trials.Count}{limit} trials sampled, {Words.Count(state.Jobs, "job")}, {Words.Count(state.Attempts, "attempt")}", Tone.Faint);
    }
}
