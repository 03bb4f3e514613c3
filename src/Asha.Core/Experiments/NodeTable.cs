using System.Collections.Immutable;

namespace Asha.Core.Experiments;

/// <summary>A node that could not run the experiment's trials when it was last given one.</summary>
/// <param name="Failures">How often in a row, ≥ 1; of one in quarantine: how often it was put there.</param>
/// <param name="Until">Before this time the experiment takes no slot of it.</param>
/// <param name="Detail">Why, for people.</param>
/// <param name="IsQuarantined">It fails all that it is given, and is tried with one job at a time until one succeeds. Otherwise it could not be prepared, or lacks something, and anything that begins there shows that it can.</param>
public sealed record UnfitNode(string Node, int Failures, TimeSpan Until, string Detail, bool IsQuarantined = false);

/// <summary>
/// Of which node each slot is, how each node does, and where others fetch the checkpoints that a node has. What is said last of a node counts: one that was started again is reached elsewhere, and may have what it had.
/// </summary>
public sealed class NodeTable
{
    private readonly Dictionary<int, NodeConduct> _ofSlot = [];
    private readonly Dictionary<string, string> _files = [];
    private readonly Dictionary<string, NodeConduct> _conducts = [];

    /// <summary>The name of the slot's node; <c>null</c>: the slot is not there.</summary>
    public string? Of(int slot) => _ofSlot.GetValueOrDefault(slot)?.Node;

    /// <summary>Where the node hands out checkpoints, host and port; <c>null</c>: it does not, or is not known.</summary>
    public string? FilesOf(string node) => _files.GetValueOrDefault(node);

    /// <summary>The nodes that have not begun a trial since they could not, and those in quarantine, by name.</summary>
    public ImmutableSortedDictionary<string, UnfitNode> Unfit { get; private set; } = ImmutableSortedDictionary.Create<string, UnfitNode>(StringComparer.Ordinal);

    /// <summary>Whether any node has ever begun a trial of the experiment.</summary>
    public bool AnyHasBegun { get; private set; }

    /// <summary>How many nodes have a slot here.</summary>
    public int Present { get; private set; }

    /// <summary>Of how many of these the last job that ended was completed.</summary>
    public int Sound { get; private set; }

    /// <summary>And of how many it failed.</summary>
    public int Failing { get; private set; }

    /// <summary>Whether the experiment takes no slot of the node now. Where nothing else is left, one in quarantine is tried before its time.</summary>
    public bool IsShunned(string node, TimeSpan now) => Unfit.TryGetValue(node, out var unfit) && now < unfit.Until && (!unfit.IsQuarantined || Present > 0);

    /// <summary>Whether it is in quarantine, and takes no jobs now.</summary>
    public bool IsShut(string node, TimeSpan now) => Unfit.TryGetValue(node, out var unfit) && unfit.IsQuarantined && IsShunned(node, now);

    /// <summary>Whether it is in quarantine, and may be given one job.</summary>
    public bool IsTried(string node, TimeSpan now) => Unfit.TryGetValue(node, out var unfit) && unfit.IsQuarantined && !IsShunned(node, now);

    /// <summary>The next time at which a node is shunned no more, or has been shunned no more long enough to be tried; <c>null</c>: nothing changes by time alone.</summary>
    public TimeSpan? NextChange(TimeSpan now)
    {
        if (Unfit.IsEmpty)
            return null;
        TimeSpan? next = null;
        foreach (var unfit in Unfit.Values)
        {
            var change = unfit.Until > now ? unfit.Until : unfit.Until + QuarantineRules.TimeToTry;
            if (change > now && !(next <= change))
                next = change;
        }
        return next;
    }

    /// <summary>How the node does; <c>null</c>: it never had a slot here.</summary>
    public NodeConduct? ConductOf(string node) => _conducts.GetValueOrDefault(node);

    internal void Fail(NodeUnfit failed)
    {
        Unfit = Unfit.SetItem(failed.Node, new UnfitNode(failed.Node, Unfit.GetValueOrDefault(failed.Node)?.Failures + 1 ?? 1, failed.Time + failed.Pause, failed.Detail, failed.Forgives is not null));
        if (failed.Forgives is not null)
            ConductOf(failed.Node)?.Forget();
    }

    /// <summary>Where a trial has been, with this start.</summary>
    internal ImmutableArray<(int Attempt, string Node)> MovesWith(JobStarted started, ImmutableArray<(int Attempt, string Node)> moves)
    {
        if (!_ofSlot.TryGetValue(started.Slot, out var conduct) || (moves is [.., var (_, last)] && last == conduct.Node))
            return moves;
        return moves.IsEmpty && started.Attempt == 1 ? conduct.FirstMoves : moves.Add((started.Attempt, conduct.Node));
    }

    /// <summary>A trial has begun on the slot.</summary>
    internal void Begin(int slot)
    {
        AnyHasBegun = true;
        if (!Unfit.IsEmpty && Of(slot) is { } node && Unfit.TryGetValue(node, out var unfit) && !unfit.IsQuarantined)
            Unfit = Unfit.Remove(node);
    }

    /// <summary>A job was completed on the slot.</summary>
    internal void Succeed(int slot)
    {
        AnyHasBegun = true;
        if (!_ofSlot.TryGetValue(slot, out var conduct))
            return;
        if (!Unfit.IsEmpty)
            Unfit = Unfit.Remove(conduct.Node);
        Change(conduct, own => own.Succeed());
    }

    /// <summary>An attempt failed on the slot, and used up a retry.</summary>
    internal void Fail(int slot, FailedThere there)
    {
        Begin(slot);
        if (_ofSlot.TryGetValue(slot, out var conduct))
            Change(conduct, own => own.Fail(there.Trial, there));
    }

    /// <summary>One failed on the slot, and used up none.</summary>
    internal void Fail(int slot, int trial)
    {
        Begin(slot);
        if (_ofSlot.TryGetValue(slot, out var conduct))
            Change(conduct, own => own.Fail(trial, null));
    }

    /// <summary>Whoever goes on with the experiment may have mended them.</summary>
    internal void Forgive() => Unfit = Unfit.Clear();

    internal void Join(SlotJoined joined)
    {
        if (!_conducts.TryGetValue(joined.Node, out var conduct))
            conduct = _conducts[joined.Node] = new NodeConduct(joined.Node);
        _ofSlot[joined.Slot] = conduct;
        Change(conduct, own => own.Slots++);
        if (joined.Anew && Unfit.TryGetValue(joined.Node, out var unfit))
            Unfit = Unfit.SetItem(joined.Node, unfit with { Until = joined.Time });
        if (joined.Files is { } files)
            _files[joined.Node] = files;
        else
            _files.Remove(joined.Node);
    }

    internal void Leave(int slot)
    {
        if (_ofSlot.Remove(slot, out var conduct))
            Change(conduct, own => own.Slots--);
    }

    /// <summary>Only nodes with slots are counted.</summary>
    private void Change(NodeConduct conduct, Action<NodeConduct> change)
    {
        Count(conduct, -1);
        change(conduct);
        Count(conduct, 1);
    }

    private void Count(NodeConduct conduct, int by)
    {
        if (conduct.Slots == 0)
            return;
        Present += by;
        Sound += conduct.IsSound == true ? by : 0;
        Failing += conduct.IsSound == false ? by : 0;
    }
}
