namespace Asha.Core.Scheduling;

/// <summary>Who is served first, and who is asked first for a slot of its own. A share is taken out before it changes and put back after: O(log experiments).</summary>
internal sealed class ShareOrder
{
    private readonly SortedSet<PoolShare> _line = new(Comparer<PoolShare>.Create(ByNeed));
    private readonly SortedSet<PoolShare> _several = new(Comparer<PoolShare>.Create(ByWealth));

    /// <summary>Those that would take another slot, and may: who has none before who has some; then by priority; then whoever has the fewest for its weight.</summary>
    public IReadOnlyCollection<PoolShare> Line => _line;

    /// <summary>Those that have more than one: the lowest priority first, then whoever would have the most for its weight with one slot less.</summary>
    public IReadOnlyCollection<PoolShare> Several => _several;

    public void Leave(PoolShare share)
    {
        _line.Remove(share);
        _several.Remove(share);
    }

    public void Enter(PoolShare share)
    {
        if (!share.IsOpen)
            return;
        if (share.Wants && share.HasRoom)
            _line.Add(share);
        if (share.Counted > 1)
            _several.Add(share);
    }

    /// <summary>Whether a slot may go from one to the other: who has none gets one from whoever has several, whatever weight and priority; else one would wait for the end of another.</summary>
    public static bool MayMove(PoolShare from, PoolShare to)
        => from.Counted > 1 && (to.Counted == 0 || from.Terms.Priority < to.Terms.Priority || (from.Terms.Priority == to.Terms.Priority && IsFairer(from, to)));

    /// <summary>Whether the one would still have as much for its weight as the other, if a slot went over.</summary>
    private static bool IsFairer(PoolShare from, PoolShare to)
        => (from.Counted - 1L) * to.Terms.Weight >= (to.Counted + 1L) * from.Terms.Weight;

    /// <summary>How much each has for its weight, compared without rounding.</summary>
    public static int ByShare(PoolShare one, PoolShare other)
        => ((long)one.Counted * other.Terms.Weight).CompareTo((long)other.Counted * one.Terms.Weight) is not 0 and var order
            ? order : string.CompareOrdinal(one.Experiment, other.Experiment);

    private static int ByNeed(PoolShare one, PoolShare other)
    {
        if (one.Counted == 0 != (other.Counted == 0))
            return one.Counted == 0 ? -1 : 1;
        return other.Terms.Priority.CompareTo(one.Terms.Priority) is not 0 and var order ? order : ByShare(one, other);
    }

    private static int ByWealth(PoolShare one, PoolShare other)
    {
        if (one.Terms.Priority.CompareTo(other.Terms.Priority) is not 0 and var order)
            return order;
        return ((other.Counted - 1L) * one.Terms.Weight).CompareTo((one.Counted - 1L) * other.Terms.Weight) is not 0 and var wealth
            ? wealth : string.CompareOrdinal(one.Experiment, other.Experiment);
    }
}
