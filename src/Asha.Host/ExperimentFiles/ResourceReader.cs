using Asha.Core.Experiments;

namespace Asha.Host.ExperimentFiles;

/// <summary>Reads <c>resource</c>: what a trial is given more of, from r up to R.</summary>
internal static class ResourceReader
{
    /// <summary>Below, the levels of the rungs could no longer be computed without rounding.</summary>
    private const double Smallest = 1e-9;

    private const double Largest = 1e15;

    /// <summary>With η = 4, five rungs: as many as the authors of ASHA advise at most.</summary>
    private const double DefaultRange = 256;

    public static ResourceSpec? Read(Field? field)
    {
        if (field?.Map("{name: epoch, min: 1, max: 64}") is not { } map)
            return null;
        var name = ExperimentReader.Label(map.Require("name"));
        var maxField = map.Require("max");
        var minField = map.Take("min");
        var max = maxField?.Number(Smallest, Largest);
        var min = minField?.Number(Smallest, Largest);
        var isWhole = IsWhole(max) && IsWhole(min);
        var integral = map.Take("integral") is { } given ? given.Flag() : isWhole;
        map.End();

        if (integral == true && !isWhole)
            (IsWhole(max) ? minField : maxField)!.Wrong($"must be a whole number where the resource is integral, but is {FieldValues.Shown((IsWhole(max) ? min : max)!.Value)}");
        if (max < min)
            maxField!.Wrong($"must be at least min, {FieldValues.Shown(min.Value)}, but is {FieldValues.Shown(max.Value)}");
        if (name is null || max is not { } most || (minField is not null && min is null) || integral is null)
            return null;
        return new ResourceSpec(name, min ?? Default(most, integral.Value), most, integral.Value);
    }

    private static double Default(double max, bool integral) => integral
        ? Math.Max(1, Math.Round(max / DefaultRange, MidpointRounding.AwayFromZero))
        : Math.Max(Smallest, max / DefaultRange);

    /// <summary>What is not known is not the mistake.</summary>
    private static bool IsWhole(double? number) => number is not { } known || Math.Floor(known) == known;
}
