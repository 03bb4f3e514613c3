using System.Globalization;

namespace Asha.Core.Spaces;

/// <summary>What a <see cref="ParameterValue"/> holds.</summary>
public enum ParameterKind { Number, Integer, Text, Flag }

/// <summary>One value of one parameter: a real number, a whole number, a text or a boolean.</summary>
public readonly record struct ParameterValue
{
    private readonly double _number;
    private readonly long _integer;
    private readonly string? _text;

    private ParameterValue(ParameterKind kind, double number, long integer, string? text)
        => (Kind, _number, _integer, _text) = (kind, number, integer, text);

    public ParameterKind Kind { get; }

    public static ParameterValue Of(double value) => new(ParameterKind.Number, value, 0, null);

    public static ParameterValue Of(long value) => new(ParameterKind.Integer, 0, value, null);

    public static ParameterValue Of(string value) => new(ParameterKind.Text, 0, 0, value);

    public static ParameterValue Of(bool value) => new(ParameterKind.Flag, 0, value ? 1 : 0, null);

    /// <summary>The value as a real number; a whole number is widened.</summary>
    /// <exception cref="InvalidOperationException">It is a text or a boolean.</exception>
    public double AsNumber() => Kind switch
    {
        ParameterKind.Number => _number,
        ParameterKind.Integer => _integer,
        _ => throw Not("number"),
    };

    /// <exception cref="InvalidOperationException">It is not a whole number.</exception>
    public long AsInteger() => Kind == ParameterKind.Integer ? _integer : throw Not("whole number");

    /// <exception cref="InvalidOperationException">It is not a text.</exception>
    public string AsText() => Kind == ParameterKind.Text ? _text! : throw Not("text");

    /// <exception cref="InvalidOperationException">It is not a boolean.</exception>
    public bool AsFlag() => Kind == ParameterKind.Flag ? _integer != 0 : throw Not("boolean");

    /// <summary>Whether both mean the same: 1 and 1.0 do, 1 and "1" do not.</summary>
    public bool Means(ParameterValue other) => Kind == other.Kind
        ? Equals(other)
        : IsNumeric && other.IsNumeric && AsNumber().Equals(other.AsNumber());

    /// <summary>A whole or a real number.</summary>
    public bool IsNumeric => Kind is ParameterKind.Number or ParameterKind.Integer;

    /// <summary>As a trial reads it: a dot in numbers, <c>true</c> or <c>false</c>; reading it back gives the same value.</summary>
    public override string ToString() => Kind switch
    {
        ParameterKind.Number => _number.ToString("R", CultureInfo.InvariantCulture),
        ParameterKind.Integer => _integer.ToString(CultureInfo.InvariantCulture),
        ParameterKind.Flag => _integer != 0 ? "true" : "false",
        _ => _text ?? "",
    };

    private InvalidOperationException Not(string kind) => new($"{this} is not a {kind}");
}
