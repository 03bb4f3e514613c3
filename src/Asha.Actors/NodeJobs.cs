using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Actors;

/// <summary>
/// A node's slots, and which job is on which. Where messages get lost or come twice, each start is done once, and none after its end (docs/decisions/022).
/// </summary>
/// <param name="slots">By their own numbers, from 0.</param>
internal sealed class NodeJobs(IReadOnlyList<ISlot> slots)
{
    private readonly Dictionary<(IActorRef Experiment, int Trial, int Attempt), int> _slotOf = [];

    /// <summary>The newest start of each slot.</summary>
    private readonly Dictionary<(IActorRef Experiment, int Slot), long> _newest = [];

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
                    experiment.Tell(new JobTaken(start.Trial, start.Attempt));
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
    /// <returns>What there is to report of one that will never run; <c>null</c>: its slot reports its end, or it has ended.</returns>
    public JobReport? End(IActorRef experiment, EndJob end)
    {
        if (_slotOf.TryGetValue((experiment, end.Trial, end.Attempt), out var slot))
        {
            slots[slot].End(experiment, end.Trial, end.Attempt);
            return null;
        }
        if (end.Number == 0)
            return null; // It ended by itself meanwhile.
        if (end.Number <= _newest.GetValueOrDefault((experiment, end.Slot)))
        {
            experiment.Tell(new JobGone(end.Trial, end.Attempt));
            return null;
        }
        // Its start was lost, or is late.
        _newest[(experiment, end.Slot)] = end.Number;
        if (_slotOf.TryGetValue((experiment, end.Trial, end.Attempt - 1), out var before))
            slots[before].End(experiment, end.Trial, end.Attempt - 1);
        return new JobReport(end.Trial, end.Attempt, 0, [], new TrialEnding(EndingCause.Stopped));
    }

    public void EndAll()
    {
        foreach (var ((experiment, trial, attempt), slot) in _slotOf)
            slots[slot].End(experiment, trial, attempt);
    }

    /// <summary>The attempt has ended.</summary>
    /// <returns>The slot that it was on; <c>null</c>: none.</returns>
    public int? Free(IActorRef experiment, int trial, int attempt) => _slotOf.Remove((experiment, trial, attempt), out var slot) ? slot : null;
}
