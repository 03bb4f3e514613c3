using System.Globalization;

namespace Asha.Core.Spaces;

/// <summary>What a <see cref="ParameterValue"/> holds.</summary>
public enum ParameterKind { Number, Integer, Text, Flag }

/// <summary>One value of one parameter: a real number, a whole number, a text or a boolean.</summary>
public readonly record struct ParameterValue
{
    /// <summary>A whole number, the bits of a real one, or 1 for true: there are as many of these as parameters of trials.</summary>
    private readonly long _bits;
    private readonly string? _text;

    private ParameterValue(ParameterKind kind, long bits, string? text = null) => (Kind, _bits, _text) = (kind, bits, text);

    public ParameterKind Kind { get; }

    public static ParameterValue Of(double value) => new(ParameterKind.Number, BitConverter.DoubleToInt64Bits(value));

    public static ParameterValue Of(long value) => new(ParameterKind.Integer, value);

    public static ParameterValue Of(string value) => new(ParameterKind.Text, 0, value);

    public static ParameterValue Of(bool value) => new(ParameterKind.Flag, value ? 1 : 0);

    /// <summary>The value as a real number; a whole number is widened.</summary>
    /// <exception cref="InvalidOperationException">It is a text or a boolean.</exception>
    public double AsNumber() => Kind switch
    {
        ParameterKind.Number => Number,
        ParameterKind.Integer => _bits,
        _ => throw Not("number"),
    };

    /// <exception cref="InvalidOperationException">It is not a whole number.</exception>
    public long AsInteger() => Kind == ParameterKind.Integer ? _bits : throw Not("whole number");

    /// <exception cref="InvalidOperationException">It is not a text.</exception>
    public string AsText() => Kind == ParameterKind.Text ? _text! : throw Not("text");

    /// <exception cref="InvalidOperationException">It is not a boolean.</exception>
    public bool AsFlag() => Kind == ParameterKind.Flag ? _bits != 0 : throw Not("boolean");

    /// <summary>Whether both mean the same: 1 and 1.0 do, 1 and "1" do not.</summary>
    public bool Means(ParameterValue other) => Kind == other.Kind && Kind != ParameterKind.Number
        ? Equals(other)
        : IsNumeric && other.IsNumeric && AsNumber().Equals(other.AsNumber());

    /// <summary>A whole or a real number.</summary>
    public bool IsNumeric => Kind is ParameterKind.Number or ParameterKind.Integer;

    /// <summary>As a trial reads it: a dot in numbers, <c>true</c> or <c>false</c>; reading it back gives the same value.</summary>
    public override string ToString() => Kind switch
    {
        ParameterKind.Number => Number.ToString("R", CultureInfo.InvariantCulture),
        ParameterKind.Integer => _bits.ToString(CultureInfo.InvariantCulture),
        ParameterKind.Flag => _bits != 0 ? "true" : "false",
        _ => _text ?? "",
    };

    private double Number => BitConverter.Int64BitsToDouble(_bits);

    private InvalidOperationException Not(string kind) => new($"{this} is not a {kind}");
}
