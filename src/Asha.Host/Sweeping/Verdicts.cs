using System.Globalization;

namespace Asha.Host.Sweeping;

/// <summary>In how many combinations a scheduler is clearly higher in a figure than the first one, or lower: a sentence for each.</summary>
internal static class Verdicts
{
    /// <summary>How often an interval leaves out a difference that is there, and so 0 where there is none.</summary>
    private const double Chance = .05;

    public static IEnumerable<string> Of(Sweep sweep)
    {
        if (sweep.Labels.Count < 2 || sweep.Seeds < 2)
            yield break;
        for (var other = 1; other < sweep.Labels.Count; other++)
        {
            foreach (var figure in sweep.Figures)
            {
                var all = sweep.Cells.Select(cell => figure.Row.Of(cell.BoundedDifferences[other - 1])).Where(difference => difference.Count > 1).ToList();
                yield return $"{figure.Row.Name}: {sweep.Labels[other]} is clearly higher than {sweep.Labels[0]} in {all.Count(one => one.Low > 0)} of {all.Count} combinations, lower in {all.Count(one => one.High < 0)}.";
            }
        }
        yield return string.Create(CultureInfo.InvariantCulture, $"Clear (*): 0 is outside the 95 % interval of the differences seed by seed. Of {sweep.Cells.Count} such intervals about {Chance * sweep.Cells.Count:0.#} would be clear by chance, were there no difference anywhere.");
    }
}
