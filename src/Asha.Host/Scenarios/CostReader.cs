using Asha.Core.Worlds;
using Asha.Host.ExperimentFiles;
using Asha.Tuning;

namespace Asha.Host.Scenarios;

/// <summary>Reads what a world's jobs cost.</summary>
internal static class CostReader
{
    private const double LargestPower = 10;

    private static readonly Dictionary<string, StragglerType> _stragglers = new() { ["half-normal"] = StragglerType.HalfNormal, ["log-normal"] = StragglerType.LogNormal };

    /// <summary>No other project has another word for it.</summary>
    public static Dictionary<string, string> NoOthers { get; } = [];

    /// <summary>A number of seconds, or <c>{base: 2, powers: {layers: 1}}</c>; and the parameters that it depends on.</summary>
    public static (UnitCost Cost, IReadOnlyList<(ScalarNode Key, Field Value)> Parameters) PerUnit(Field? field, CurveTable? table)
    {
        if (field is null)
            return (new UnitCost(1), []);
        if (table?.HasSeconds == true)
            field.Wrong("a table has its own seconds");
        if (!field.IsMap)
            return (new UnitCost(field.Number(0, WorldReading.LongestJob) ?? 1), []);
        var map = field.Map("")!;
        var seconds = map.Take("base")?.Number(0, WorldReading.LongestJob) ?? 1;
        var named = map.Require("powers")?.Map("{layers: 1, width: 2}")?.All().Take(ExperimentRules.MostParameters).ToList() ?? [];
        map.End();
        var powers = named.Select(parameter => (parameter.Key.Text, parameter.Value.Number(-LargestPower, LargestPower) ?? 1)).ToList();
        return (new UnitCost(seconds, powers), named);
    }

    public static Stragglers Stragglers(Field? field)
    {
        if (field?.Map("{type: half-normal, sigma: 0.56}") is not { } map)
            return default;
        var type = map.Take("type")?.Word(_stragglers, NoOthers) ?? StragglerType.HalfNormal;
        // The mean of exp(z) is exp(σ²/2): beyond 5 it is no world any more.
        var sigma = map.Require("sigma")?.Number(0, type == StragglerType.LogNormal ? 5 : 100) ?? 0;
        map.End();
        return new Stragglers(type, sigma);
    }
}
