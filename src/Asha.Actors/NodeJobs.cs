using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Actors;

/// <summary>
/// A node's slots, and which job is on which. Where messages get lost or come twice, each start is done once, and none after its end (docs/decisions/022).
/// </summary>
/// <param name="slots">By their own numbers, from 0.</param>
/// <param name="reports">Takes what experiments are to hear.</param>
/// <param name="membership">Takes which slots have retired.</param>
/// <param name="voice">Answers.</param>
internal sealed class NodeJobs(IReadOnlyList<ISlot> slots, UnstoredReports reports, NodeMembership membership, NodeVoice voice)
{
    private readonly Dictionary<(IActorRef Experiment, int Trial, int Attempt), int> _slotOf = [];

    /// <summary>The newest start of each slot, of each experiment that is not forgotten.</summary>
    private readonly Dictionary<(IActorRef Experiment, int Slot), long> _newest = [];

    /// <summary>Jobs whose experiment is gone with its coordinator: whoever goes on with it has given them up, and nobody hears what comes of them.</summary>
    private readonly HashSet<(IActorRef Experiment, int Trial, int Attempt)> _orphans = [];

    /// <summary>Whether nothing runs, nor waits.</summary>
    public bool IsIdle => _slotOf.Count == 0;

    public void Start(IActorRef experiment, StartJob start)
    {
        if (start.Number > 0)
        {
            if (start.Number <= _newest.GetValueOrDefault((experiment, start.Slot)))
            {
                // If it is over, that is being said.
                if (_slotOf.ContainsKey((experiment, start.Trial, start.Attempt)))
                    voice.Say(experiment, new JobTaken(start.Trial, start.Attempt));
                return;
            }
            _newest[(experiment, start.Slot)] = start.Number;
        }
        if (start.GoesOn)
            _slotOf.Remove((experiment, start.Trial, start.Attempt - 1));
        _slotOf[(experiment, start.Trial, start.Attempt)] = start.Slot;
        slots[start.Slot].Run(experiment, start);
    }

    /// <summary>Ends an attempt, whether it runs, waits, or is still on its way.</summary>
    public void End(IActorRef experiment, EndJob end)
    {
        if (_slotOf.TryGetValue((experiment, end.Trial, end.Attempt), out var slot))
        {
            slots[slot].End(experiment, end.Trial, end.Attempt);
            return;
        }
        if (end.Number == 0)
            return; // It ended by itself meanwhile.
        // What came before it joined again is ended.
        if (end.Joining != membership.Joining || end.Number <= _newest.GetValueOrDefault((experiment, end.Slot)))
        {
            voice.Say(experiment, new JobGone(end.Trial, end.Attempt));
            return;
        }
        // Its start was lost, or is late.
        _newest[(experiment, end.Slot)] = end.Number;
        if (_slotOf.TryGetValue((experiment, end.Trial, end.Attempt - 1), out var before))
            slots[before].End(experiment, end.Trial, end.Attempt - 1);
        reports.Say(experiment, new JobReport(end.Trial, end.Attempt, 0, [], new TrialEnding(EndingCause.Stopped)));
    }

    public void EndAll()
    {
        foreach (var ((experiment, trial, attempt), slot) in _slotOf)
            slots[slot].End(experiment, trial, attempt);
    }

    /// <summary>Everybody who would hear of it is gone.</summary>
    public void EndUnheard()
    {
        _orphans.UnionWith(_slotOf.Keys);
        _newest.Clear();
        EndAll();
    }

    /// <summary>The experiment is gone: what runs for it is ended, and no start of it is awaited.</summary>
    public void Forget(IActorRef experiment)
    {
        foreach (var ((_, trial, attempt), slot) in _slotOf.Where(job => job.Key.Experiment.Equals(experiment)).ToArray())
            slots[slot].End(experiment, trial, attempt);
        for (var slot = 0; slot < slots.Count; slot++)
            _newest.Remove((experiment, slot));
    }

    public void Take(AttemptReport attempt)
    {
        var job = (attempt.Experiment, attempt.Report.Trial, attempt.Report.Attempt);
        var isOrphan = _orphans.Contains(job);
        // One that has reached its level, and runs on, may still have to be ended.
        if (attempt.Report.Ending is { Cause: not EndingCause.LevelReached } ending)
            Free(attempt.Experiment, attempt.Report.Trial, attempt.Report.Attempt, ending.Retires);
        else if (isOrphan && attempt.Report.Ending is not null)
            slots[_slotOf[job]].End(attempt.Experiment, attempt.Report.Trial, attempt.Report.Attempt); // Nobody will say that it does not go on.
        if (isOrphan)
            return;
        reports.Say(attempt.Experiment, attempt.Report);
    }

    public void Take(AttemptGone gone) => Free(gone.Experiment, gone.Trial, gone.Attempt, gone.Retires);

    private void Free(IActorRef experiment, int trial, int attempt, string? retires)
    {
        _orphans.Remove((experiment, trial, attempt));
        if (_slotOf.Remove((experiment, trial, attempt), out var slot) && retires is not null)
            membership.Retire(slot, retires);
    }
}
