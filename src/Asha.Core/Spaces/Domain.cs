using Asha.Core.Randomness;

namespace Asha.Core.Spaces;

/// <summary>The values that a parameter may take, and how likely each is.</summary>
public abstract record Domain
{
    /// <summary>The number of distinct values; <c>null</c> where it is a continuum.</summary>
    public abstract long? Count { get; }

    /// <summary>Draws one value; the same stream gives the same value.</summary>
    public abstract ParameterValue Sample(KeyedRandom random);

    /// <summary>Value number <paramref name="index"/> (0 … Count − 1) of a discrete domain, with its probability.</summary>
    /// <exception cref="InvalidOperationException">The domain is a continuum.</exception>
    public abstract (ParameterValue Value, double Probability) Outcome(long index);

    /// <summary>Whether a user may ask for this value.</summary>
    public abstract bool Contains(ParameterValue value);
}

/// <summary>Real numbers in [Min, Max), every one as likely as any other. Min &lt; Max, both finite.</summary>
public sealed record UniformDomain(double Min, double Max) : Continuum(Min, Max)
{
    public override ParameterValue Sample(KeyedRandom random) => Between(Min + random.Unit() * (Max - Min));
}

/// <summary>Real numbers in [Min, Max) whose logarithm is uniform. 0 &lt; Min &lt; Max.</summary>
public sealed record LogUniformDomain(double Min, double Max) : Continuum(Min, Max)
{
    public override ParameterValue Sample(KeyedRandom random)
        => Between(Math.Exp(Math.Log(Min) + random.Unit() * (Math.Log(Max) - Math.Log(Min))));
}

/// <summary>A continuum between two bounds.</summary>
public abstract record Continuum(double Min, double Max) : Domain
{
    public override long? Count => null;

    public override (ParameterValue Value, double Probability) Outcome(long index)
        => throw new InvalidOperationException("A continuum has no numbered values.");

    public override bool Contains(ParameterValue value) => value.IsNumeric && value.AsNumber() >= Min && value.AsNumber() <= Max;

    /// <summary>Rounding of the logarithm must not lead out of the bounds.</summary>
    protected ParameterValue Between(double value) => ParameterValue.Of(Math.Clamp(value, Min, Max));
}

/// <summary>Whole numbers Min … Max, both included, every one as likely as any other.</summary>
public sealed record IntDomain(long Min, long Max) : WholeNumbers(Min, Max)
{
    protected override long Draw(double unit) => Min + (long)Math.Floor(unit * ((double)Max - Min + 1));

    protected override double Probability(long value) => 1.0 / ((double)Max - Min + 1);
}

/// <summary>
/// Whole numbers Min … Max, both included: the floor of a number whose logarithm is uniform on [log Min, log (Max + 1)),
/// so that <c>v</c> has probability log((v + 1) / v) / log((Max + 1) / Min). 1 ≤ Min ≤ Max.
/// </summary>
public sealed record LogIntDomain(long Min, long Max) : WholeNumbers(Min, Max)
{
    protected override long Draw(double unit)
        => (long)Math.Floor(Math.Exp(Math.Log(Min) + unit * (Math.Log(Max + 1.0) - Math.Log(Min))));

    protected override double Probability(long value) => Math.Log((value + 1.0) / value) / Math.Log((Max + 1.0) / Min);
}

/// <summary>Whole numbers between two bounds, both included.</summary>
public abstract record WholeNumbers(long Min, long Max) : Domain
{
    public override long? Count => Max - Min + 1;

    public override ParameterValue Sample(KeyedRandom random) => ParameterValue.Of(Math.Clamp(Draw(random.Unit()), Min, Max));

    public override (ParameterValue Value, double Probability) Outcome(long index)
        => (ParameterValue.Of(Min + index), Probability(Min + index));

    public override bool Contains(ParameterValue value)
        => value.Kind == ParameterKind.Integer && value.AsInteger() >= Min && value.AsInteger() <= Max;

    protected abstract long Draw(double unit);

    protected abstract double Probability(long value);
}

/// <summary>
/// A list of values, every one as likely as any other. <paramref name="Ordered"/> tells a model-based searcher that neighbours
/// in the list are alike (<c>ordinal</c>); random search does not care.
/// </summary>
public sealed record ListDomain(IReadOnlyList<ParameterValue> Values, bool Ordered) : Domain
{
    public override long? Count => Values.Count;

    public override ParameterValue Sample(KeyedRandom random) => Values[(int)(random.Unit() * Values.Count)];

    public override (ParameterValue Value, double Probability) Outcome(long index) => (Values[(int)index], 1.0 / Values.Count);

    public override bool Contains(ParameterValue value) => Values.Any(own => own.Means(value));

    /// <summary>Always the same value.</summary>
    public static ListDomain Constant(ParameterValue value) => new([value], Ordered: false);

    /// <summary>False or true.</summary>
    public static ListDomain Boolean() => new([ParameterValue.Of(false), ParameterValue.Of(true)], Ordered: false);
}
