namespace Asha.Actors.Metrics;

/// <summary>
/// What is measured of one experiment as it goes, by its actor alone: what waits for its journal, and how long. Entries are written in the order in which they are handed over.
/// </summary>
/// <param name="metrics">The process's.</param>
public sealed class ExperimentMetrics(EngineMetrics metrics)
{
    private readonly Queue<long> _entries = new();
    private volatile int _unwritten;

    /// <summary>Entries that wait for the journal, from whatever thread it is asked.</summary>
    public int Unwritten => _unwritten;

    /// <summary>A report's answer is let out, and with it what follows from it.</summary>
    /// <param name="took">Since its arrival.</param>
    internal void Decided(TimeSpan took)
    {
        if (metrics.TakesDecisions)
            metrics.Decided(took);
    }

    /// <summary>An entry is handed to the journal.</summary>
    internal void HandedOver()
    {
        _entries.Enqueue(metrics.TakesJournal ? metrics.Time.GetTimestamp() : 0);
        _unwritten = _entries.Count;
    }

    /// <summary>The oldest one is written.</summary>
    internal void Written()
    {
        if (_entries.TryDequeue(out var handedOver) && handedOver > 0)
            metrics.Written(handedOver);
        _unwritten = _entries.Count;
    }

    /// <summary>What waited will not be written.</summary>
    internal void Forget()
    {
        _entries.Clear();
        _unwritten = 0;
    }
}
