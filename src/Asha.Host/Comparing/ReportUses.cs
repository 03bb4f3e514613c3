using Asha.Core.Utilization;
using Asha.Host.Cli;
using Asha.Host.Plots;

namespace Asha.Host.Comparing;

/// <summary>What slots' time goes to, as a report shows it.</summary>
/// <param name="Name">In a few words.</param>
/// <param name="Color">As style sheets write it.</param>
/// <param name="Rung">Of a job, the number of its level among all levels; of idleness, none.</param>
internal sealed record ReportUse(string Name, string Color, int? Rung);

/// <summary>All uses of the runs shown: levels from the lowest to the highest, then the causes of idleness.</summary>
internal sealed class ReportUses
{
    private readonly List<double> _levels;
    private readonly List<IdleCause> _causes;

    public ReportUses(Comparison comparison)
    {
        var resource = comparison.Spec.Resource.Name;
        _levels = [.. comparison.Shown.SelectMany(run => run.Summary.Rungs).Select(rung => rung.Level).Distinct().Order()];
        _causes = [.. Enum.GetValues<IdleCause>().Where(cause => comparison.Shown.Any(run => run.Summary.Idle[cause.Name()] > 0))];
        All =
        [
            .. _levels.Select((level, rung) => new ReportUse($"training up to {Output.Number(level)} {resource}", Palette.Rung(rung, _levels.Count).Hex(), rung)),
            .. _causes.Select(cause => new ReportUse($"idle: {TimelineChart.Words(cause)}", Palette.Idle(cause).Hex(), null)),
        ];
    }

    public IReadOnlyList<ReportUse> All { get; }

    /// <summary>The causes that occur in the runs shown.</summary>
    public IReadOnlyList<IdleCause> Causes => _causes;

    public int IndexOf(IdleCause cause) => _levels.Count + _causes.IndexOf(cause);

    public int IndexOf(double level) => _levels.IndexOf(level);

    public SlotUse Use(int index) => index < _levels.Count ? new SlotUse(_levels[index], null) : new SlotUse(null, _causes[index - _levels.Count]);
}
