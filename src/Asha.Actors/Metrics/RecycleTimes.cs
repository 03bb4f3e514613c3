namespace Asha.Actors.Metrics;

/// <summary>When the last job of each slot of a node ended, until the next one starts there.</summary>
/// <param name="metrics">The process's.</param>
/// <param name="slots">How many.</param>
internal sealed class RecycleTimes(EngineMetrics metrics, int slots)
{
    /// <summary>0: none has ended, or it was counted.</summary>
    private readonly long[] _ended = new long[slots];

    /// <summary>A job is over, and its slot idle.</summary>
    public void Ended(int slot) => _ended[slot] = metrics.TakesRecycling ? metrics.Time.GetTimestamp() : 0;

    /// <summary>A job starts.</summary>
    public void Starts(int slot)
    {
        if (_ended[slot] > 0)
            metrics.Recycled(_ended[slot]);
        _ended[slot] = 0;
    }
}
