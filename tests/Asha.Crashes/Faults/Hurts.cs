using System.Collections.Concurrent;
using System.Diagnostics;

namespace Asha.Crashes.Faults;

/// <summary>What was done to a run beside the kills of its engine.</summary>
internal sealed class Hurts
{
    /// <summary>Attempts whose process was killed or stopped.</summary>
    public ConcurrentDictionary<(int Trial, int Attempt), string> Attempts { get; } = [];

    /// <summary>Processes that were stopped and are not to go on with the others.</summary>
    public ConcurrentDictionary<int, bool> Stopped { get; } = [];

    public int Kills, Stops, Locks, Fills;

    /// <summary>How many hold the database now.</summary>
    public int Holders;

    private long _freed;

    /// <summary>The database or the disk is free again.</summary>
    public void Freed() => Interlocked.Exchange(ref _freed, Stopwatch.GetTimestamp());

    /// <summary>Whether that was later.</summary>
    public bool FreedAfter(long timestamp) => Interlocked.Read(ref _freed) > timestamp;
}
