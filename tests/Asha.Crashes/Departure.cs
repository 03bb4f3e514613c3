using Asha.Crashes.Checks;

namespace Asha.Crashes;

/// <summary>What an engine that ended by itself means for its run.</summary>
internal static class Departure
{
    /// <summary>Returns whether no other one goes on: the run is over, or the engine should not have ended.</summary>
    public static bool IsLast(Round round, Engine engine, int number)
    {
        var seen = round.Testimony;
        var events = round.Folder.Length == 0 ? [] : Happened.Read(JournalSight.Read(round.Folder, round.Scratch));
        if (events.Count > 0 && events[^1].Kind == "experiment-ended")
        {
            // The one before may have been killed after the end was written: then there is nothing to go on with.
            if (engine.Code != 0 && !engine.Said.Contains("the run is over", StringComparison.Ordinal))
                seen.Failures.Add($"engine {number}: the run has ended, and it ended with exit code {engine.Code}: {engine.Said}");
            return true;
        }
        if (engine.Said.Contains("Unhandled exception", StringComparison.Ordinal) || engine.Said.Contains("   at ", StringComparison.Ordinal))
            seen.Failures.Add($"engine {number}: a stack trace: {engine.Said}");
        if (events.Count == 0 && engine.Said.Contains("before it began", StringComparison.Ordinal))
        {
            // Nothing was lost: nothing had been written. It begins anew.
            round.Forget();
            seen.NeverBegan++;
        }
        else if (Volatile.Read(ref round.Hurts.Holders) == 0 && round.Disk?.IsFull != true && !round.Hurts.FreedAfter(engine.Started))
        {
            seen.Failures.Add($"engine {number}: it ended with exit code {engine.Code} before the run was over: {engine.Said}");
            return true; // The next one would fare no better.
        }
        else
        {
            seen.Refusals++;
            Thread.Sleep(200);
        }
        return false;
    }
}
