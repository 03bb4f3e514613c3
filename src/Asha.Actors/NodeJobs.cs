using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Actors.Metrics;
using Asha.Actors.Persistence;
using Asha.Core.Experiments;

namespace Asha.Actors;

/// <summary>
/// A node's slots, and which job of which run is on which. Where messages get lost or come twice, each start is done once, and none after its end (docs/decisions/022); one by a grant that is over is not done at all (024).
/// </summary>
/// <param name="slots">By their own numbers, from 0.</param>
/// <param name="reports">Takes what experiments are to hear.</param>
/// <param name="membership">Takes which slots have retired.</param>
/// <param name="voice">Answers.</param>
/// <param name="log">Told of each attempt's start and end.</param>
/// <param name="recycled">Takes how long slots wait for their next jobs; <c>null</c>: nobody does.</param>
internal sealed class NodeJobs(IReadOnlyList<ISlot> slots, UnstoredReports reports, NodeMembership membership, NodeVoice voice, AttemptLog log, RecycleTimes? recycled = null)
{
    private readonly Dictionary<(string Run, int Trial, int Attempt), int> _slotOf = [];

    /// <summary>The newest start of each slot, of each run that is not forgotten.</summary>
    private readonly Dictionary<(string Run, int Slot), long> _newest = [];

    /// <summary>The newest start of each run that was forgotten: what came of those up to it, nobody knows any more.</summary>
    private readonly Dictionary<string, long> _forgotten = [];

    /// <summary>The newest job of each slot, whosever it is.</summary>
    private readonly (string Run, int Trial, int Attempt)?[] _last = new (string, int, int)?[slots.Count];

    /// <summary>The newest grant of each slot that a start has shown.</summary>
    private readonly long[] _grants = new long[slots.Count];

    /// <summary>Whether nothing runs, nor waits.</summary>
    public bool IsIdle => _slotOf.Count == 0;

    /// <summary>The newest attempt of each slot, if it runs, or is over and not all that it reported is stored.</summary>
    public IReadOnlyList<RunningJob> Announced
        => [.. _last.Select((last, slot) => last is var (run, trial, attempt) && (_slotOf.ContainsKey((run, trial, attempt)) || reports.Any(run, trial, attempt)) ? new RunningJob(run, trial, attempt, slot) : null).OfType<RunningJob>()];

    /// <summary>Attempts of the process before, which are over, and whose reports are kept.</summary>
    public void TakeUp(IReadOnlyList<KeptReport> ended)
    {
        foreach (var (run, slot, number, report) in ended.OrderBy(kept => kept.Number))
        {
            _last[slot] = (run, report.Trial, report.Attempt);
            _newest[(run, slot)] = Math.Max(number, _newest.GetValueOrDefault((run, slot)));
        }
    }

    public void Start(IActorRef experiment, StartJob start)
    {
        var job = (start.Run, start.Trial, start.Attempt);
        if (start.Number > 0)
        {
            if (start.Number <= _newest.GetValueOrDefault((start.Run, start.Slot)))
            {
                // If it is over, that is being said.
                if (_slotOf.ContainsKey(job))
                    voice.Say(experiment, new JobTaken(start.Trial, start.Attempt));
                return;
            }
            if (start.Joining != membership.Joining || start.Grant < _grants[start.Slot] || EpochOf(start) < membership.Epoch)
                return; // The slot may be another's by now. If not, it will be said by a newer grant.
            _grants[start.Slot] = start.Grant;
            _newest[(start.Run, start.Slot)] = start.Number;
            if (start.Heard > 0 || _slotOf.ContainsKey(job) || start.Number <= _forgotten.GetValueOrDefault(start.Run))
            {
                // It was given up here, and what came of it is forgotten.
                reports.Say(start.Run, new JobReport(start.Trial, start.Attempt, start.Heard, [], new TrialEnding(EndingCause.Stopped)));
                return;
            }
            EndOthers(start);
        }
        if (start.GoesOn)
            _slotOf.Remove((start.Run, start.Trial, start.Attempt - 1));
        recycled?.Starts(start.Slot);
        _slotOf[job] = start.Slot;
        _last[start.Slot] = job;
        log.Starts(start);
        slots[start.Slot].Run(experiment, start);
    }

    /// <summary>Ends an attempt, whether it runs, waits, or is still on its way.</summary>
    public void End(IActorRef experiment, EndJob end)
    {
        if (_slotOf.TryGetValue((end.Run, end.Trial, end.Attempt), out var slot))
        {
            slots[slot].End(end.Run, end.Trial, end.Attempt);
            return;
        }
        if (end.Number == 0)
            return; // It ended by itself meanwhile.
        // With it ends the process that it was to go on in, which waits for word at its level: nobody else has a word for it.
        if (_slotOf.TryGetValue((end.Run, end.Trial, end.Attempt - 1), out var before))
            slots[before].End(end.Run, end.Trial, end.Attempt - 1);
        // A start from before it joined again is none any more.
        if (end.Joining != membership.Joining || end.Number <= _newest.GetValueOrDefault((end.Run, end.Slot)))
        {
            voice.Say(experiment, new JobGone(end.Trial, end.Attempt));
            return;
        }
        // Its start was lost, or is late.
        _newest[(end.Run, end.Slot)] = end.Number;
        reports.Say(end.Run, new JobReport(end.Trial, end.Attempt, 0, [], new TrialEnding(EndingCause.Stopped)));
    }

    public void EndAll()
    {
        foreach (var ((run, trial, attempt), slot) in _slotOf.ToArray())
            slots[slot].End(run, trial, attempt);
    }

    /// <summary>Whatever runs for it is ended; what it reported may count yet.</summary>
    public void End(string run)
    {
        foreach (var ((_, trial, attempt), slot) in _slotOf.Where(job => job.Key.Run == run).ToArray())
            slots[slot].End(run, trial, attempt);
    }

    /// <summary>The run is over: what runs for it is ended, and no start of it is awaited.</summary>
    public void Forget(string run)
    {
        End(run);
        for (var slot = 0; slot < slots.Count; slot++)
        {
            if (_newest.Remove((run, slot), out var newest))
                _forgotten[run] = Math.Max(newest, _forgotten.GetValueOrDefault(run));
        }
    }

    public void Take(AttemptReport attempt)
    {
        var slot = _slotOf.GetValueOrDefault((attempt.RunName, attempt.Report.Trial, attempt.Report.Attempt), -1);
        if (attempt.Report.Ending is { } end)
            log.Ended(attempt.RunName, attempt.Report, end);
        // One that has reached its level, and runs on, may still have to be ended.
        if (attempt.Report.Ending is { Cause: not EndingCause.LevelReached } ending)
            Free(attempt.RunName, attempt.Report.Trial, attempt.Report.Attempt, ending.Retires);
        reports.Say(attempt.RunName, attempt.Report, slot, _newest.GetValueOrDefault((attempt.RunName, slot)));
    }

    public void Take(AttemptGone gone) => Free(gone.RunName, gone.Trial, gone.Attempt, gone.Retires);

    private static int EpochOf(StartJob start) => (int)(start.Grant >> 32);

    /// <summary>Whoever starts something else on the slot has given up what runs there, or does not know of it.</summary>
    private void EndOthers(StartJob start)
    {
        foreach (var ((run, trial, attempt), _) in _slotOf.Where(job => job.Value == start.Slot && !(start.GoesOn && (job.Key.Run, job.Key.Trial) == (start.Run, start.Trial))).ToArray())
            slots[start.Slot].End(run, trial, attempt);
    }

    private void Free(string run, int trial, int attempt, string? retires)
    {
        if (!_slotOf.Remove((run, trial, attempt), out var slot))
            return;
        recycled?.Ended(slot);
        if (retires is not null)
            membership.Retire(slot, retires);
    }
}
