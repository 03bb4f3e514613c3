namespace Asha.Core.Randomness;

/// <summary>
/// Random numbers as a function of a key: the same (seed, stream, indices) gives the same number whatever was
/// drawn before, so configuration <c>i</c> does not depend on timing, scheduler or the number of nodes.
/// </summary>
/// <remarks>
/// The mixing function is the finalizer of SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number
/// generators, OOPSLA 2014), with which each part of the key is absorbed in turn.
/// </remarks>
public readonly struct KeyedRandom
{
    private const ulong GoldenGamma = 0x9E3779B97F4A7C15;
    private readonly ulong _key;

    private KeyedRandom(ulong key) => _key = key;

    /// <summary>The root of all streams of one seed.</summary>
    public static KeyedRandom Of(long seed) => new(Mix((ulong)seed + GoldenGamma));

    /// <summary>A child stream, named by its purpose (for instance <c>"space"</c>).</summary>
    public KeyedRandom Stream(string name)
    {
        var key = _key;
        foreach (var character in name)
            key = Mix(key + GoldenGamma + character);
        return new KeyedRandom(Mix(key ^ (ulong)name.Length));
    }

    /// <summary>A child stream, numbered (for instance by trial).</summary>
    public KeyedRandom Stream(long number) => new(Mix((_key ^ Mix((ulong)number + GoldenGamma)) + GoldenGamma));

    /// <summary>64 random bits.</summary>
    public ulong Bits() => Mix(_key + GoldenGamma);

    /// <summary>A whole number from 0 to 2^63 − 1.</summary>
    public long Natural() => (long)(Bits() >> 1);

    /// <summary>A number in [0, 1), a multiple of 2^−53.</summary>
    public double Unit() => (Bits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A number in (0, 1), neither bound included, for inverted distributions: an odd multiple of 2^−53.</summary>
    public double InnerUnit() => ((Bits() >> 12) * 2 + 1) * (1.0 / (1UL << 53));

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
