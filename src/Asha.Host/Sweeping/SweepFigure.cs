using Asha.Core.Experiments;
using Asha.Host.Scenarios;

namespace Asha.Host.Sweeping;

/// <summary>A figure that tables and pictures show.</summary>
/// <param name="Key">Names its picture's file.</param>
/// <param name="Row">What it is.</param>
/// <param name="IsTime">It may never have come.</param>
internal sealed record SweepFigure(string Key, FigureRow Row, bool IsTime = false)
{
    /// <param name="specs">The combinations': what is not the same in all of them is not named.</param>
    /// <param name="target">A metric to be reached, where there is one.</param>
    public static IReadOnlyList<SweepFigure> All(IReadOnlyList<ExperimentSpec> specs, double? target)
    {
        var trained = FigureRow.FullyTrained(specs[0]);
        return
        [
            new("fully-trained", specs.All(spec => FigureRow.FullyTrained(spec).Name == trained.Name) ? trained : trained with { Name = "fully trained" }),
            new("first", FigureRow.FirstFullyTrained, IsTime: true),
            .. target is { } wanted ? [new SweepFigure("to-target", FigureRow.TimeToTarget(specs[0], wanted), IsTime: true)] : Array.Empty<SweepFigure>(),
            new("best", FigureRow.Best(specs[0])),
            new("utilization", FigureRow.Utilization),
            new("mispromotions", FigureRow.Mispromotions),
        ];
    }

    /// <summary>Of how many runs of a scheduler it is known.</summary>
    public int Had(SweptCell cell, int contender) => Row.Of(cell.Estimates[contender]).Count;

    /// <summary>Of a scheduler, with times bounded by the horizon.</summary>
    public Estimate Of(SweptCell cell, int contender) => Row.Of(cell.BoundedEstimates[contender]);
}
