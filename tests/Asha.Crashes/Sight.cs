using Asha.Crashes.Checks;

namespace Asha.Crashes;

/// <summary>Where a report was when everything stood still, the one that says most.</summary>
internal enum Phase
{
    /// <summary>This engine has written nothing yet: it starts, ends orphans, reads the journal.</summary>
    Starting,

    /// <summary>No report is on its way.</summary>
    Quiet,

    /// <summary>A trial has printed one that the engine has not read.</summary>
    InPipe,

    /// <summary>The engine has read one (its bytes are gone from the pipe), and the journal does not have it.</summary>
    Arrived,

    /// <summary>As <see cref="Arrived"/>, but it is a job's result, which the engine writes when the process has ended.</summary>
    ResultArrived,

    /// <summary>The journal has one that events.jsonl has not: that is written before a report is acknowledged.</summary>
    Committed,

    /// <summary>The journal has the run's end.</summary>
    Ended,
}

/// <summary>What can be seen from outside of a run that stands still.</summary>
/// <param name="Entries">The journal.</param>
/// <param name="Events">The bytes of events.jsonl.</param>
internal sealed record Sight(Phase Phase, IReadOnlyList<Entry> Entries, byte[] Events)
{
    /// <summary>Whether a report had come to the engine, and was not acknowledged.</summary>
    public bool IsInWindow => Phase is Phase.Arrived or Phase.ResultArrived or Phase.Committed;

    /// <summary>Looks at a run of which engine and trials are stopped.</summary>
    /// <param name="starts">How many engines had begun to write before this one was started.</param>
    /// <param name="isFull">The run's disk is: that events.jsonl lags says nothing then.</param>
    public static Sight Of(Engine engine, int number, string runFolder, string logs, string scratch, int starts, IEnumerable<Descendant> trials, bool isFull)
    {
        var unread = new Dictionary<(int Trial, int Attempt), int>();
        foreach (var trial in trials.Where(trial => trial.Engine == number))
        {
            if (Libc.Unread($"/proc/{trial.Pid}/fd/1") is { } bytes)
                unread[(trial.Trial, trial.Attempt)] = Math.Max(bytes, unread.GetValueOrDefault((trial.Trial, trial.Attempt)));
        }
        // Of a process that is gone only the engine's end of the pipe is there, one among others.
        var isAllRead = Descriptors(engine.Pid).All(descriptor => Libc.Unread(descriptor) is null or 0);
        var entries = JournalSight.Read(runFolder, scratch, isUnderWay: true);
        var file = Path.Combine(runFolder, "events.jsonl");
        byte[] events = File.Exists(file) ? File.ReadAllBytes(file) : [];
        return new Sight(Classify(Happened.Read(entries), TrialLogs.Read(logs), number, starts, unread, isAllRead, !isFull && HasMoreReports(entries, events.Length)), entries, events);
    }

    /// <summary>Whether what is beyond so many bytes of the journal's lines has a report in it.</summary>
    private static bool HasMoreReports(IReadOnlyList<Entry> entries, long known)
    {
        var length = 0L;
        return Happened.Read(entries.SkipWhile(entry => (length += entry.Lines.Length) <= known)).Any(happened => happened.Kind == "report-accepted");
    }

    private static Phase Classify(
        IReadOnlyList<Happened> events, IReadOnlyList<TrialLine> lines, int number, int starts, Dictionary<(int Trial, int Attempt), int> unread, bool isAllRead, bool isBehind)
    {
        if (events.Count(happened => happened.IsStart) <= starts)
            return Phase.Starting;
        if (events[^1].Kind == "experiment-ended")
            return Phase.Ended;
        var written = events.Where(happened => happened.Kind == "report-accepted").Select(happened => (happened.Trial, happened.Attempt, happened.Resource)).ToHashSet();
        // What an attempt says that counts as over, nobody waits for.
        var over = events.Where(happened => happened.Kind is "job-completed" or "attempt-failed" or "attempt-lost").Select(happened => (happened.Trial, happened.Attempt)).ToHashSet();
        var (arrived, result, piped) = (false, false, false);
        foreach (var attempt in lines.Where(line => line.Engine == number).GroupBy(line => (line.Trial, line.Attempt)).Where(attempt => !over.Contains(attempt.Key)))
        {
            var target = attempt.First(line => line.Kind == "start").Number(1);
            var sizes = attempt.Where(line => line.Kind == "report").ToDictionary(line => line.Resource, line => line.Number(3));
            // The bytes that wait in the pipe are those of its last reports.
            var waiting = unread.TryGetValue(attempt.Key, out var bytes) ? bytes : isAllRead ? 0 : int.MaxValue;
            foreach (var sent in attempt.Where(line => line.Kind == "sent").Reverse())
            {
                var isRead = waiting <= 0;
                waiting -= sizes[sent.Resource];
                if (written.Contains((sent.Trial, sent.Attempt, sent.Resource)))
                    continue;
                piped |= !isRead;
                result |= isRead && sent.Resource == target;
                arrived |= isRead && sent.Resource < target;
            }
        }
        return arrived ? Phase.Arrived : isBehind ? Phase.Committed : result ? Phase.ResultArrived : piped ? Phase.InPipe : Phase.Quiet;
    }

    private static string[] Descriptors(int pid)
    {
        try
        {
            return Directory.GetFiles($"/proc/{pid}/fd");
        }
        catch (IOException)
        {
            return [];
        }
    }
}
