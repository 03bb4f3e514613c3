using System.Collections.Immutable;

namespace Asha.Core.Experiments;

/// <summary>A node that could not run the experiment's trials when it was last given one.</summary>
/// <param name="Failures">How often in a row, ≥ 1.</param>
/// <param name="Until">Before this time the experiment takes no slot of it.</param>
/// <param name="Detail">Why, for people.</param>
public sealed record UnfitNode(string Node, int Failures, TimeSpan Until, string Detail);

/// <summary>Of which node each slot is, and where others fetch the checkpoints that a node has. What is said last of a node counts: one that was started again is reached elsewhere, and may have what it had.</summary>
public sealed class NodeTable
{
    private readonly Dictionary<int, string> _ofSlot = [];
    private readonly Dictionary<string, string> _files = [];

    /// <summary>The name of the slot's node; <c>null</c>: the slot is not there.</summary>
    public string? Of(int slot) => _ofSlot.GetValueOrDefault(slot);

    /// <summary>Where the node hands out checkpoints, host and port; <c>null</c>: it does not, or is not known.</summary>
    public string? FilesOf(string node) => _files.GetValueOrDefault(node);

    /// <summary>The nodes that have not begun a trial since they could not, by name.</summary>
    public ImmutableSortedDictionary<string, UnfitNode> Unfit { get; private set; } = ImmutableSortedDictionary.Create<string, UnfitNode>(StringComparer.Ordinal);

    /// <summary>Whether any node has ever begun a trial of the experiment.</summary>
    public bool AnyHasBegun { get; private set; }

    /// <summary>Whether the experiment takes no slot of the node now.</summary>
    public bool IsShunned(string node, TimeSpan now) => Unfit.TryGetValue(node, out var unfit) && now < unfit.Until;

    internal void Fail(NodeUnfit failed)
        => Unfit = Unfit.SetItem(failed.Node, new UnfitNode(failed.Node, Unfit.GetValueOrDefault(failed.Node)?.Failures + 1 ?? 1, failed.Time + failed.Pause, failed.Detail));

    /// <summary>A trial has begun on the slot.</summary>
    internal void Begin(int slot)
    {
        AnyHasBegun = true;
        if (!Unfit.IsEmpty && Of(slot) is { } node)
            Unfit = Unfit.Remove(node);
    }

    /// <summary>Whoever goes on with the experiment may have mended them.</summary>
    internal void Forgive() => Unfit = Unfit.Clear();

    internal void Join(SlotJoined joined)
    {
        _ofSlot[joined.Slot] = joined.Node;
        if (joined.Files is { } files)
            _files[joined.Node] = files;
        else
            _files.Remove(joined.Node);
    }

    internal void Leave(int slot) => _ofSlot.Remove(slot);
}
