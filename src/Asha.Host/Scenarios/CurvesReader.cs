using Asha.Core.Worlds;
using Asha.Host.ExperimentFiles;
using Asha.Tuning;

namespace Asha.Host.Scenarios;

/// <summary>Reads <c>world.curve</c>: learning curves by a formula.</summary>
internal static class CurvesReader
{
    private const double MostNoise = 1e6;

    /// <param name="field">The curve, which has to be there where no table is, and only then.</param>
    /// <param name="world">The map around it.</param>
    /// <param name="hasTable">Whether there is a table.</param>
    public static MadeUpCurves? Read(Field? field, MapReader world, bool hasTable)
    {
        if (field is null && !hasTable)
            world.Wrong("needs a table of curves, such as table: curves.csv, or made-up ones, such as curve: {type: power-law}");
        if (field is null)
            return null;
        if (hasTable)
            field.Wrong("must not be there beside a table");
        if (field.Map("{type: power-law, noise: 0.01}") is not { } map)
            return null;
        var type = map.Require("type")?.Word(["power-law", "crossing"], CostReader.NoOthers);
        var noise = map.Take("noise")?.Number(0, MostNoise) ?? 0;
        MadeUpCurves? curves = type switch
        {
            "crossing" => map.Require("at")?.Number(ExperimentRules.SmallestResource, ExperimentRules.LargestResource) is { } at ? new CrossingCurves(at, noise) : null,
            "power-law" => new PowerLawCurves(noise),
            _ => null,
        };
        if (type is null)
            map.Ignore("at");
        map.End();
        return curves;
    }
}
