using Asha.Core.Spaces;
using Asha.Tuning;

namespace Asha.Host.ExperimentFiles;

/// <summary>Reads the type of a parameter and what goes with it.</summary>
internal static class DomainReader
{
    public const int MostValues = ExperimentRules.MostValues;

    private const double LargestBound = ExperimentRules.LargestBound;

    private static readonly Dictionary<string, Func<MapReader, Domain?>> Types = new()
    {
        ["uniform"] = map => Bounds(map, -LargestBound, LargestBound) is var (min, max) ? new UniformDomain(min, max) : null,
        ["log-uniform"] = map => Bounds(map, double.Epsilon, LargestBound) is var (min, max) ? new LogUniformDomain(min, max) : null,
        ["int"] = map => Bounds(map, -FieldValues.LargestWhole) is var (min, max) ? new IntDomain(min, max) : null,
        ["log-int"] = map => Bounds(map, 1L) is var (min, max) ? new LogIntDomain(min, max) : null,
        ["choice"] = map => Values(map) is { } values ? new ListDomain(values, Ordered: false) : null,
        ["ordinal"] = map => Values(map) is { } values ? new ListDomain(values, Ordered: true) : null,
        ["boolean"] = _ => ListDomain.Boolean(),
        ["constant"] = map => map.Require("value")?.Value() is { } value ? ListDomain.Constant(value) : null,
    };

    /// <summary>The domain; <c>null</c> where it is wrong. The map's other keys are left to be read.</summary>
    public static Domain? Read(MapReader map)
    {
        if (map.Require("type")?.Word(Types.Keys, PeerNames.Types) is { } type)
            return Types[type](map);
        map.Ignore("min", "max", "values", "value");
        return null;
    }

    private static (double Min, double Max)? Bounds(MapReader map, double least, double most)
    {
        var min = Bound(map.Require("min"), least, most);
        var maxField = map.Require("max");
        var max = Bound(maxField, least, most);
        return InOrder(min, max, maxField) ? (min!.Value, max!.Value) : null;
    }

    private static double? Bound(Field? field, double least, double most)
    {
        // "At least 5E-324" is true and helps nobody.
        if (least != double.Epsilon || field is null)
            return field?.Number(least, most);
        var bound = field.Number(-LargestBound, most);
        if (bound is not <= 0)
            return bound;
        field.Wrong($"must be more than 0 on a logarithmic scale, but is {FieldValues.Shown(bound.Value)}");
        return null;
    }

    private static (long Min, long Max)? Bounds(MapReader map, long least)
    {
        var min = map.Require("min")?.Whole(least, FieldValues.LargestWhole);
        var maxField = map.Require("max");
        var max = maxField?.Whole(least, FieldValues.LargestWhole);
        return InOrder(min, max, maxField) ? (min!.Value, max!.Value) : null;
    }

    private static bool InOrder<T>(T? min, T? max, Field? maxField) where T : struct, IComparable<T>, IFormattable
    {
        if (min is not { } low || max is not { } high)
            return false;
        if (low.CompareTo(high) < 0)
            return true;
        maxField!.Wrong(FormattableString.Invariant($"must be more than min, {low}, but is {high}")
            + (low.CompareTo(high) == 0 ? "; for a single value use {type: constant, value: ...}" : ""));
        return false;
    }

    private static List<ParameterValue>? Values(MapReader map)
    {
        if (map.Require("values") is not { } field || field.List("[sgd, adam]", MostValues) is not { } elements)
            return null;
        if (elements.Count == 0)
            field.Wrong("must have at least one value");
        var values = Distinct(elements, element => element.Value());
        return values.Count == elements.Count && values.Count > 0 ? values : null;
    }

    /// <summary>The values that could be read, each of which may stand there once.</summary>
    public static List<ParameterValue> Distinct(IReadOnlyList<Field> elements, Func<Field, ParameterValue?> read)
    {
        var values = new List<ParameterValue>();
        foreach (var element in elements)
        {
            if (read(element) is not { } value)
                continue;
            if (values.Any(earlier => earlier.Means(value)))
                element.Wrong($"{YamlText.Shown(value.ToString())} occurs twice");
            else
                values.Add(value);
        }
        return values;
    }

    /// <summary>The value as this domain holds it (a whole number where it has whole numbers); <c>null</c>: it can never take it.</summary>
    public static ParameterValue? Fit(Domain domain, ParameterValue value)
    {
        var fitting = domain switch
        {
            ListDomain list when list.Contains(value) => list.Values.First(own => own.Means(value)),
            Continuum when value.IsNumeric => ParameterValue.Of(value.AsNumber()),
            WholeNumbers when value.Kind == ParameterKind.Number && IsExactInteger(value.AsNumber()) => ParameterValue.Of((long)value.AsNumber()),
            _ => value,
        };
        return domain.Contains(fitting) ? fitting : null;
    }

    /// <summary>For messages: what it may be.</summary>
    public static string Describe(Domain domain) => domain switch
    {
        Continuum(var min, var max) => $"a number from {FieldValues.Shown(min)} to {FieldValues.Shown(max)}",
        WholeNumbers(var min, var max) => $"a whole number from {min} to {max}",
        ListDomain { Values.Count: <= 12 } list => string.Join(", ", list.Values.Select(value => YamlText.Shown(value.ToString()))),
        _ => "one of its values",
    };

    private static bool IsExactInteger(double number) => double.IsInteger(number) && Math.Abs(number) <= FieldValues.LargestWhole;
}
