using Asha.Core.Experiments;
using Asha.Tuning;

namespace Asha.Host.ExperimentFiles;

/// <summary>Reads <c>resource</c>: what a trial is given more of, from r up to R.</summary>
internal static class ResourceReader
{
    private const double Smallest = ExperimentRules.SmallestResource;
    private const double Largest = ExperimentRules.LargestResource;

    public static ResourceSpec? Read(Field? field)
    {
        if (field?.Map("{name: epoch, min: 1, max: 64}") is not { } map)
            return null;
        var name = ExperimentReader.Label(map.Require("name"));
        var maxField = map.Require("max");
        var minField = map.Take("min");
        var max = maxField?.Number(Smallest, Largest);
        var min = minField?.Number(Smallest, Largest);
        var isWhole = ExperimentRules.IsWhole(max) && ExperimentRules.IsWhole(min);
        var integral = map.Take("integral") is { } given ? given.Flag() : isWhole;
        map.End();

        if (integral == true && !isWhole)
            (ExperimentRules.IsWhole(max) ? minField : maxField)!.Wrong($"must be a whole number where the resource is integral, but is {FieldValues.Shown((ExperimentRules.IsWhole(max) ? min : max)!.Value)}");
        if (max < min)
            maxField!.Wrong($"must be at least min, {FieldValues.Shown(min.Value)}, but is {FieldValues.Shown(max.Value)}");
        if (name is null || max is not { } most || (minField is not null && min is null) || integral is null)
            return null;
        return new ResourceSpec(name, min ?? ExperimentRules.DefaultLeast(most, integral.Value), most, integral.Value);
    }
}
