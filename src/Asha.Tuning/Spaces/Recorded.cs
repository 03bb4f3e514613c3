using System.Globalization;
using Asha.Core.Spaces;

namespace Asha.Tuning;

/// <summary>Values of .NET types as the journal records them.</summary>
internal static class Recorded
{
    /// <summary>The value as it is recorded; <c>null</c>: it cannot be.</summary>
    public static ParameterValue? Of<T>(T value) => value switch
    {
        string { Length: <= ExperimentRules.LongestText } text => ParameterValue.Of(text),
        bool flag => ParameterValue.Of(flag),
        int whole => ParameterValue.Of((long)whole),
        long and >= -ExperimentRules.LargestWhole and <= ExperimentRules.LargestWhole and var whole => ParameterValue.Of(whole),
        double number when double.IsFinite(number) => ParameterValue.Of(number),
        // 0.1f is to be recorded as 0.1, not with the digits that a double has more.
        float number when float.IsFinite(number) => ParameterValue.Of(double.Parse(number.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)),
        Enum one => ParameterValue.Of(one.ToString()),
        _ => null,
    };

    /// <summary>A recorded value as an object of its kind.</summary>
    public static object Plain(ParameterValue value) => value.Kind switch
    {
        ParameterKind.Flag => value.AsFlag(),
        ParameterKind.Integer => value.AsInteger(),
        ParameterKind.Number => value.AsNumber(),
        _ => value.AsText(),
    };
}
