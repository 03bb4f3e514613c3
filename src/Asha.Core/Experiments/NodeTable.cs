namespace Asha.Core.Experiments;

/// <summary>Of which node each slot is, and where others fetch the checkpoints that a node has. What is said last of a node counts: one that was started again is reached elsewhere, and may have what it had.</summary>
public sealed class NodeTable
{
    private readonly Dictionary<int, string> _ofSlot = [];
    private readonly Dictionary<string, string> _files = [];

    /// <summary>The name of the slot's node; <c>null</c>: the slot is not there.</summary>
    public string? Of(int slot) => _ofSlot.GetValueOrDefault(slot);

    /// <summary>Where the node hands out checkpoints, host and port; <c>null</c>: it does not, or is not known.</summary>
    public string? FilesOf(string node) => _files.GetValueOrDefault(node);

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
