using System.Globalization;

namespace Asha.Host.Plots;

/// <summary>An axis from <paramref name="Min"/> to <paramref name="Max"/>, both finite, Min &lt; Max; a logarithmic one has Min &gt; 0.</summary>
internal sealed record AxisScale(double Min, double Max, bool IsLog = false)
{
    private static readonly int[] Digits = [1, 2, 5];

    /// <summary>Where a value lies, 0 … 1 from end to end; beyond them outside.</summary>
    public double At(double value) => (Turn(value) - Turn(Min)) / (Turn(Max) - Turn(Min));

    /// <summary>A scale around these values, never of no length.</summary>
    public static AxisScale Around(double min, double max, bool isLog = false)
    {
        if (min < max)
            return new AxisScale(min, max, isLog);
        var half = min == 0 ? 1 : Math.Abs(min) / 2;
        return new AxisScale(min - half, max + half, isLog);
    }

    /// <summary>Longer at both ends by a share of its length, so that nothing lies on the frame.</summary>
    public AxisScale Padded(double share)
    {
        var (low, high) = (Turn(Min), Turn(Max));
        var extra = (high - low) * share;
        return this with { Min = Back(low - extra), Max = Back(high + extra) };
    }

    /// <summary>Round values, at most about so many: 1, 2 and 5 times powers of ten; on a logarithmic axis powers of ten, where there are enough.</summary>
    public IReadOnlyList<double> Ticks(int most)
    {
        if (!IsLog)
            return Linear(most);
        var (first, last) = ((int)Math.Ceiling(Math.Log10(Min) - 1e-9), (int)Math.Floor(Math.Log10(Max) + 1e-9));
        var decades = last - first + 1;
        if (decades >= 3 || (decades == 2 && most < 4))
        {
            var step = (decades + most - 1) / most;
            return [.. Enumerable.Range(first, decades).Where(power => power % step == 0).Select(power => Math.Pow(10, power))];
        }
        double[] fine = [.. Enumerable.Range(first - 1, decades + 1).SelectMany(power => Digits.Select(digit => digit * Math.Pow(10, power))).Where(value => value >= Min && value <= Max)];
        return fine.Length >= 3 && fine.Length <= most ? fine : fine.Length >= 3 ? [.. fine.Where((_, index) => index % 2 == 0)] : Linear(most);
    }

    /// <summary>A value as people write it: up to six digits, and a power of ten where there would be many zeros.</summary>
    public static string Text(double value)
    {
        if (value == 0 || (Math.Abs(value) >= 1e-4 && Math.Abs(value) < 1e7))
            return value.ToString("#,0.######", CultureInfo.InvariantCulture).Replace('-', '−');
        return value.ToString("0.###e0", CultureInfo.InvariantCulture).Replace('-', '−');
    }

    private double[] Linear(int most)
    {
        var rough = (Max - Min) / Math.Max(most, 1);
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = Digits.Append(10).Select(digit => digit * power).First(step => step >= rough * (1 - 1e-9));
        var first = Math.Ceiling(Min / step - 1e-9);
        var count = (int)Math.Floor(Max / step + 1e-9 - first) + 1;
        // Rounding must not make 1e-17 of a zero.
        return [.. Enumerable.Range(0, Math.Max(count, 0)).Select(index => first + index == 0 ? 0 : (first + index) * step)];
    }

    private double Turn(double value) => IsLog ? Math.Log10(value) : value;

    private double Back(double turned) => IsLog ? Math.Pow(10, turned) : turned;
}
