using Asha.Core.Randomness;

namespace Asha.Torture.World;

/// <summary>One draw after the other from a stream of its own.</summary>
public sealed class Dice(KeyedRandom random)
{
    private long _drawn;

    public ulong Bits() => random.Stream(_drawn++).Bits();

    public double Unit() => (Bits() >> 11) * (1.0 / (1UL << 53));

    public bool Chance(double probability) => Unit() < probability;

    /// <summary>Both bounds included.</summary>
    public int Between(int least, int most) => least + (int)(Bits() % (ulong)(most - least + 1));

    public double Between(double least, double most) => least + Unit() * (most - least);

    /// <summary>As likely to be small as large: its logarithm is uniform.</summary>
    public double Magnitude(double least, double most) => least * Math.Pow(most / least, Unit());

    public TimeSpan Time(TimeSpan least, TimeSpan most) => TimeSpan.FromTicks((long)Magnitude(Math.Max(1, least.Ticks), most.Ticks));

    public T Pick<T>(params ReadOnlySpan<T> values) => values[(int)(Bits() % (ulong)values.Length)];
}
