using Asha.Core.Experiments;

namespace Asha.Torture.Invariants;

/// <summary>
/// A node goes into quarantine only by failures of several trials in a row, with no job completed between, while the experiment has a slot of another node; and is given nothing until its time is over, it was started again or nothing else is
/// left, and then one job at a time, until one is completed there.
/// </summary>
public sealed class QuarantineIsKept : Invariant
{
    private sealed class Node
    {
        public readonly HashSet<int> Slots = [], FailedTrials = [];

        /// <summary>Until then it is given nothing; <c>null</c>: it is not in quarantine.</summary>
        public TimeSpan? Until;

        /// <summary>When it goes there again, it needs no row.</summary>
        public bool WasThere;
    }

    private readonly SortedDictionary<string, Node> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<int, (string Node, bool Runs)> _slots = [];
    private int? _least;

    public override string Name => "a node in quarantine is left alone, and tried with one job";

    public override void Committed(TimeSpan now, IReadOnlyList<ExperimentEvent> events)
    {
        foreach (var happened in events)
            Take(happened);
    }

    private void Take(ExperimentEvent happened)
    {
        switch (happened)
        {
            case ExperimentStarted started: _least = started.Experiment.Trial.Quarantine; break;
            case SlotJoined joined:
                var of = Of(joined.Node);
                of.Slots.Add(joined.Slot);
                _slots[joined.Slot] = (joined.Node, false);
                Judge(!joined.Anew || of.Until is not null, $"{joined}, and its node is not in quarantine", slot: joined.Slot);
                if (joined.Anew || !_nodes.Any(other => other.Value != of && other.Value.Slots.Count > 0))
                    of.Until = of.Until is null ? null : joined.Time;
                break;
            case SlotLeft left when _slots.Remove(left.Slot, out var gone): _nodes[gone.Node].Slots.Remove(left.Slot); break;
            case JobStarted started: Start(started); break;
            case AttemptRegained regained: _slots[regained.Slot] = (_slots[regained.Slot].Node, true); break;
            case JobCompleted done:
                var good = End(done.Slot);
                good.FailedTrials.Clear();
                (good.Until, good.WasThere) = (null, false);
                break;
            case AttemptFailed failed: End(failed.Slot).FailedTrials.Add(failed.Trial); break;
            case AttemptLost lost:
                var node = End(lost.Slot);
                if (lost.Fault is not null)
                    node.FailedTrials.Add(lost.Trial);
                break;
            case JobCut cut: End(cut.Slot); break;
            case NodeUnfit { Forgives: not null } unfit: Shut(Of(unfit.Node), unfit); break;
            case ExperimentResumed:
                foreach (var forgiven in _nodes.Values)
                    (forgiven.Until, forgiven.WasThere) = (null, false);
                break;
        }
    }

    private void Start(JobStarted started)
    {
        var (name, _) = _slots[started.Slot];
        var node = _nodes[name];
        _slots[started.Slot] = (name, true);
        if (node.Until is not { } until)
            return;
        Judge(started.Time >= until, $"{started}, and {name} is in quarantine until {until}", started.Trial, started.Slot);
        Judge(node.Slots.Count(slot => _slots[slot].Runs) == 1, $"{started}, and {name}, which is in quarantine, runs another", started.Trial, started.Slot);
    }

    private void Shut(Node node, NodeUnfit unfit)
    {
        Judge(_nodes.Values.Any(other => other != node && other.Slots.Count > 0), $"{unfit}, and there is no other node");
        Judge(node.WasThere || node.FailedTrials.Count >= _least, $"{unfit}, after failures of {node.FailedTrials.Count} trials in a row; at least {_least} are needed");
        node.FailedTrials.Clear();
        (node.Until, node.WasThere) = (unfit.Time + unfit.Pause, true);
    }

    private Node End(int slot)
    {
        var name = _slots[slot].Node;
        _slots[slot] = (name, false);
        return _nodes[name];
    }

    private Node Of(string name)
    {
        if (!_nodes.TryGetValue(name, out var node))
            node = _nodes[name] = new Node();
        return node;
    }
}
