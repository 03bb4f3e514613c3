using Asha.Actors.Messages;

namespace Asha.Torture.Invariants;

/// <summary>A node that has announced itself to a supervisor takes no start by a grant of one before it, and on each of its slots none by an older grant than the last: the slot may be another's by then.</summary>
public sealed class NoStartByAnOldGrant : Invariant
{
    private readonly Dictionary<(int Node, int Life), int> _epochs = [];
    private readonly Dictionary<NodeSlot, long> _grants = [];

    public override string Name => "no start by a grant that is over";

    public override void Announced(TimeSpan now, int node, int life, JoinNode join) => _epochs[(node, life)] = Math.Max(join.Epoch, _epochs.GetValueOrDefault((node, life)));

    public override void Taken(TimeSpan now, NodeSlot slot, StartJob job)
    {
        var epoch = _epochs.GetValueOrDefault((slot.Node, slot.Life));
        Judge(job.Grant >> 32 >= epoch, $"attempt {job.Attempt} is taken by {slot}, by a grant of supervisor {job.Grant >> 32}, and the node has announced itself to {epoch}", job.Trial);
        Judge(job.Grant >= _grants.GetValueOrDefault(slot), $"attempt {job.Attempt} is taken by {slot}, by grant {job.Grant}, and an earlier one had {_grants.GetValueOrDefault(slot)}", job.Trial);
        _grants[slot] = job.Grant;
    }
}
