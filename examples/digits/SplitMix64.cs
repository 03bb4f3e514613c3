namespace Asha.Examples.Digits;

/// <summary>
/// Random numbers that begin afresh for every (seed, purpose, number). A resumed training therefore draws for epoch 9 what an
/// uninterrupted one draws, and a checkpoint needs no state of the generator.
/// </summary>
internal struct SplitMix64
{
    private const ulong GoldenGamma = 0x9E3779B97F4A7C15;
    private ulong _state;

    public SplitMix64(long seed, string purpose, long number = 0)
    {
        _state = Mix((ulong)seed + GoldenGamma);
        foreach (var character in purpose)
            _state = Mix(_state + GoldenGamma + character);
        _state = Mix(_state + GoldenGamma + (ulong)number);
    }

    /// <summary>A number in [0, 1), a multiple of 2^−24: exact as a <see cref="float"/>.</summary>
    public float Unit() => (Next() >> 40) * (1f / (1 << 24));

    /// <summary>Fisher and Yates's shuffle.</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var last = items.Length - 1; last > 0; last--)
        {
            var other = (int)(Next() % (ulong)(last + 1));
            (items[last], items[other]) = (items[other], items[last]);
        }
    }

    private ulong Next() => Mix(_state += GoldenGamma);

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
