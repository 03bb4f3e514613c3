using System.Numerics;

namespace Asha.Core.Experiments;

/// <summary>A set of small numbers, of slots or brackets, lowest first: a bit each, and a bit for each word of these that is not zero, so that nothing is allocated where they come and go with every job.</summary>
/// <remarks><see cref="Add"/> and <see cref="Remove"/> take O(1), <see cref="First"/> O(largest / 4096).</remarks>
internal sealed class NumberSet
{
    /// <summary>Beyond, the set would be 16 MiB large: no run has so many slots, but a journal that somebody changed may say so.</summary>
    public const int Largest = (1 << 27) - 1;

    private ulong[] _numbers = new ulong[64];
    private ulong[] _words = new ulong[1];

    public int Count { get; private set; }

    /// <summary>The lowest, or <c>null</c>.</summary>
    public int? First
    {
        get
        {
            for (var block = 0; block < _words.Length && Count > 0; block++)
            {
                if (_words[block] == 0)
                    continue;
                var word = block * 64 + BitOperations.TrailingZeroCount(_words[block]);
                return word * 64 + BitOperations.TrailingZeroCount(_numbers[word]);
            }
            return null;
        }
    }

    public bool Contains(int number) => number >= 0 && number / 64 < _numbers.Length && (_numbers[number / 64] & Bit(number)) != 0;

    public void Add(int number)
    {
        if (Contains(number))
            return;
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, Largest);
        while (number / 64 >= _numbers.Length)
        {
            Array.Resize(ref _numbers, 2 * _numbers.Length);
            Array.Resize(ref _words, 2 * _words.Length);
        }
        _numbers[number / 64] |= Bit(number);
        _words[number / 4096] |= Bit(number / 64);
        Count++;
    }

    public void Remove(int number)
    {
        if (!Contains(number))
            return;
        _numbers[number / 64] &= ~Bit(number);
        if (_numbers[number / 64] == 0)
            _words[number / 4096] &= ~Bit(number / 64);
        Count--;
    }

    /// <summary>All of them, lowest first; O(largest).</summary>
    public int[] ToArray()
    {
        if (Count == 0)
            return [];
        var all = new List<int>(Count);
        for (var word = 0; word < _numbers.Length; word++)
        {
            for (var left = _numbers[word]; left != 0; left &= left - 1)
                all.Add(word * 64 + BitOperations.TrailingZeroCount(left));
        }
        return [.. all];
    }

    private static ulong Bit(int number) => 1UL << (number % 64);
}
