using System.Numerics;

namespace Asha.Core.Experiments;

/// <summary>A set of slots, lowest first: a bit each, and a bit for each word of these that is not zero, so that nothing is allocated where slots come and go with every job.</summary>
/// <remarks><see cref="Add"/> and <see cref="Remove"/> take O(1), <see cref="First"/> O(slots / 4096).</remarks>
internal sealed class SlotSet
{
    private ulong[] _slots = new ulong[64];
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
                return word * 64 + BitOperations.TrailingZeroCount(_slots[word]);
            }
            return null;
        }
    }

    public bool Contains(int slot) => slot / 64 < _slots.Length && (_slots[slot / 64] & Bit(slot)) != 0;

    public void Add(int slot)
    {
        if (Contains(slot))
            return;
        while (slot / 64 >= _slots.Length)
        {
            Array.Resize(ref _slots, 2 * _slots.Length);
            Array.Resize(ref _words, 2 * _words.Length);
        }
        _slots[slot / 64] |= Bit(slot);
        _words[slot / 4096] |= Bit(slot / 64);
        Count++;
    }

    public void Remove(int slot)
    {
        if (!Contains(slot))
            return;
        _slots[slot / 64] &= ~Bit(slot);
        if (_slots[slot / 64] == 0)
            _words[slot / 4096] &= ~Bit(slot / 64);
        Count--;
    }

    /// <summary>All of them, lowest first; O(slots).</summary>
    public int[] ToArray()
    {
        if (Count == 0)
            return [];
        var all = new List<int>(Count);
        for (var word = 0; word < _slots.Length; word++)
        {
            for (var left = _slots[word]; left != 0; left &= left - 1)
                all.Add(word * 64 + BitOperations.TrailingZeroCount(left));
        }
        return [.. all];
    }

    private static ulong Bit(int number) => 1UL << (number % 64);
}
