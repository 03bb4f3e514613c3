using System.Globalization;
using Asha.Core.Experiments;
using Asha.Core.Utilization;
using Asha.Host.Cli;

namespace Asha.Host.Scenarios;

/// <summary>A figure as tables show it.</summary>
/// <param name="Name">What it is, with its unit.</param>
/// <param name="Of">Where it stands.</param>
/// <param name="Scale">What it is multiplied with to be shown: 100 for shares.</param>
internal sealed record FigureRow(string Name, Func<SimulationEstimates, Estimate> Of, double Scale = 1)
{
    /// <summary>The figures of some estimates; causes of idleness only where any of these has them.</summary>
    /// <param name="spec">What the resource and the metric are called.</param>
    /// <param name="isAlike">Whether all are trained as far.</param>
    /// <param name="target">A metric to be reached, where there is one.</param>
    /// <param name="shown">What the tables have to show.</param>
    public static IReadOnlyList<FigureRow> All(ExperimentSpec spec, double? target, bool isAlike, params IReadOnlyList<SimulationEstimates> shown)
    {
        var causes = Enum.GetValues<IdleCause>().Select(cause => cause.Name()).Where(cause => shown.Any(estimates => estimates.IdleShares[cause].Mean is { } mean && mean != 0));
        var (resource, metric) = (spec.Resource.Name, spec.Metric.Name);
        return [
            new("end, s", of => of.EndTime),
            new("busy, slot-s", of => of.Busy),
            Utilization,
            .. causes.Select(cause => new FigureRow($"idle, {cause}, %", of => of.IdleShares[cause], 100)),
            new("trials", of => of.Trials),
            new($"{resource} trained", of => of.ResourceSpent),
            FullyTrained(spec, isAlike),
            FirstFullyTrained,
            .. target is { } wanted ? [TimeToTarget(spec, wanted)] : Array.Empty<FigureRow>(),
            Best(spec),
            Mispromotions,
        ];
    }

    public static FigureRow Utilization { get; } = new("utilization, %", of => of.Utilization, 100);

    public static FigureRow FirstFullyTrained { get; } = new("the first fully trained, s", of => of.FirstFullyTrained);

    public static FigureRow Mispromotions { get; } = new("mispromotions", of => of.Mispromotions);

    public static FigureRow FullyTrained(ExperimentSpec spec, bool isAlike = true) => new(isAlike ? $"fully trained, to {Output.Number(spec.Resource.Max)} {spec.Resource.Name}" : "fully trained, each to its own top rung", of => of.FullyTrained);

    public static FigureRow TimeToTarget(ExperimentSpec spec, double target) => new($"time to {spec.Metric.Name} {Output.Number(target)}, s", of => of.TimeToTarget);

    public static FigureRow Best(ExperimentSpec spec) => new($"{spec.Metric.Name} of the best trial", of => of.Best);

    public string Mean(SimulationEstimates of) => Shown(Of(of).Mean);

    public string Interval(SimulationEstimates of) => Of(of) is { Low: { } low, High: { } high } ? $"{Shown(low)} to {Shown(high)}" : "";

    public string Count(SimulationEstimates of) => Of(of).Count.ToString(CultureInfo.InvariantCulture);

    private string Shown(double? value) => value is { } known ? (known * Scale).ToString("G4", CultureInfo.InvariantCulture) is var text && text.Contains('E') ? Output.Number(known * Scale) : text : "";
}
