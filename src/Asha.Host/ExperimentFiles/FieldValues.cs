using Asha.Core.Spaces;
using Asha.Tuning;

namespace Asha.Host.ExperimentFiles;

/// <summary>Fields that hold more than text.</summary>
internal static class FieldValues
{
    public const long LargestWhole = ExperimentRules.LargestWhole;

    private const int LongestText = ExperimentRules.LongestText;

    /// <summary>A whole number between two bounds, both included; <c>1e6</c> and <c>4.0</c> are whole.</summary>
    public static long? Whole(this Field field, long least, long most)
    {
        if (Numeric(field, "a whole number") is not { } text)
            return null;
        var number = CoreSchema.Number(text);
        if (CoreSchema.Integer(text) is { } value && value >= least && value <= most)
            return value;
        if (double.IsNaN(number) || (double.IsFinite(number) && Math.Floor(number) != number))
            field.Wrong($"must be a whole number, but is {YamlText.Shown(text)}");
        else
            field.Wrong(number <= least ? $"must be at least {least}, but is {YamlText.Shown(text)}" : $"must be at most {most}, but is {YamlText.Shown(text)}");
        return null;
    }

    /// <summary>A whole number that need not be wide.</summary>
    public static int? Count(this Field field, int least, int most) => (int?)field.Whole(least, most);

    /// <summary>A real number between two bounds, both included.</summary>
    public static double? Number(this Field field, double least, double most)
    {
        if (Numeric(field, "a number") is not { } text)
            return null;
        var number = CoreSchema.Number(text);
        if (!double.IsFinite(number))
            field.Wrong($"must be a finite number, but is {YamlText.Shown(text)}");
        else if (number < least)
            field.Wrong($"must be at least {Shown(least)}, but is {YamlText.Shown(text)}");
        else if (number > most)
            field.Wrong($"must be at most {Shown(most)}, but is {YamlText.Shown(text)}");
        else
            return number;
        return null;
    }

    public static bool? Flag(this Field field)
    {
        const string What = "true or false";
        if (field.Scalar(What) is not { } scalar)
            return null;
        if (scalar.Plain && CoreSchema.KindOf(scalar.Text) == ScalarKind.Flag)
            return CoreSchema.Flag(scalar.Text);
        field.Wrong($"must be {What}, but is {Written(scalar)}");
        return null;
    }

    public static TimeSpan? Duration(this Field field) => Duration(field, TimeSpan.FromTicks(1));

    /// <summary>A duration that may be nothing: <c>0s</c>.</summary>
    public static TimeSpan? DurationOrNone(this Field field) => Duration(field, TimeSpan.Zero);

    private static TimeSpan? Duration(Field field, TimeSpan least)
    {
        const string What = "a duration such as 500ms, 90s, 10m or 1h30m";
        if (field.Scalar(What) is not { } scalar)
            return null;
        if (Durations.Parse(scalar.Text) is not { } duration)
            field.Wrong($"must be {What}, but is {Written(scalar)}");
        else if (duration < least || duration > Durations.Longest)
            field.Wrong($"must be {(least > TimeSpan.Zero ? "more than 0 and " : "")}at most {Durations.Format(Durations.Longest)}, but is {Written(scalar)}");
        else
            return duration;
        return null;
    }

    /// <summary>A size in bytes, or the word <c>none</c>, which is <see cref="long.MaxValue"/>.</summary>
    public static long? SizeOrNone(this Field field)
    {
        const string What = "a size such as 500MB, 10GB or 2TiB, or none";
        if (field.Scalar(What) is not { } scalar)
            return null;
        if (scalar.Text == "none")
            return long.MaxValue;
        if (Sizes.Parse(scalar.Text) is { } size)
            return size;
        field.Wrong($"must be {What}, at most {Sizes.Format(ExperimentRules.LargestSize)}, but is {Written(scalar)}");
        return null;
    }

    /// <summary>A size in bytes.</summary>
    public static long? Size(this Field field)
    {
        const string What = "a size such as 500MB, 4GiB or 1TB";
        if (field.Scalar(What) is not { } scalar)
            return null;
        if (Sizes.Parse(scalar.Text) is { } size)
            return size;
        field.Wrong($"must be {What}, at most {Sizes.Format(ExperimentRules.LargestSize)}, but is {Written(scalar)}");
        return null;
    }

    /// <summary>A value of a parameter, of the kind that it was written as.</summary>
    public static ParameterValue? Value(this Field field)
    {
        if (field.Scalar("a number, a text or a boolean") is not { } scalar)
            return null;
        switch (scalar.Plain ? CoreSchema.KindOf(scalar.Text) : ScalarKind.Text)
        {
            case ScalarKind.Flag:
                return ParameterValue.Of(CoreSchema.Flag(scalar.Text));
            case ScalarKind.Integer:
                return field.Whole(-LargestWhole, LargestWhole) is { } whole ? ParameterValue.Of(whole) : null;
            case ScalarKind.Number:
                return field.Number(double.MinValue, double.MaxValue) is { } number ? ParameterValue.Of(number) : null;
            default:
                if (scalar.Plain && CoreSchema.WasFlag(scalar.Text))
                    field.Warn($"'{scalar.Text}' is a text here; write true or false for a boolean, or quotes around the text");
                return field.Text(LongestText) is { } text ? ParameterValue.Of(text) : null;
        }
    }

    public static string Shown(double number) => ParameterValue.Of(number).ToString();

    private static string? Numeric(Field field, string what)
    {
        if (field.Scalar(what) is not { } scalar)
            return null;
        if (scalar.Plain && CoreSchema.KindOf(scalar.Text) is ScalarKind.Integer or ScalarKind.Number)
            return scalar.Text;
        field.Wrong($"must be {what}, but is {Written(scalar)}");
        return null;
    }

    private static string Written(ScalarNode scalar)
        => scalar.Plain ? $"'{YamlText.Shown(scalar.Text)}'" : $"the text '{YamlText.Shown(scalar.Text)}' (in quotes)";
}
