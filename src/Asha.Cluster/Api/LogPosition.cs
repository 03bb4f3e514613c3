using System.Globalization;

namespace Asha.Cluster.Api;

/// <summary>
/// How far somebody has read what a trial printed: of each node how much, the one whose words came last at the end. As text, <c>node-a:1200,node-b:88!</c>, it goes to whoever follows, and comes back with the next question: any coordinator can go on from it.
/// The mark means: that it is not to be had has been said.
/// </summary>
internal sealed class LogPosition
{
    private const int MostNodes = 1000;

    private readonly List<(string Node, long Read, bool IsMissing)> _nodes = [];

    /// <summary>Reads it.</summary>
    /// <returns><c>null</c>: it is none.</returns>
    public static LogPosition? Parse(string text)
    {
        var position = new LogPosition();
        foreach (var part in text.Split(',', MostNodes, StringSplitOptions.RemoveEmptyEntries))
        {
            var isMissing = part.EndsWith('!');
            var colon = part.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1 || !long.TryParse(part[(colon + 1)..].TrimEnd('!'), NumberStyles.None, CultureInfo.InvariantCulture, out var read))
                return null;
            position._nodes.Add((part[..colon], read, isMissing));
        }
        return position;
    }

    /// <summary>How much of a node's log has been read.</summary>
    public long ReadOf(string node) => _nodes.Find(known => known.Node == node).Read;

    /// <summary>Whether it has been said that it is not to be had, and nothing came of it since.</summary>
    public bool IsMissing(string node) => _nodes.Find(known => known.Node == node).IsMissing;

    /// <summary>Whether what was said last are the words of this node's trial.</summary>
    public bool IsLast(string node) => _nodes is [.., { IsMissing: false } last] && last.Node == node;

    /// <summary>Something of this node was said, or that nothing is to be had.</summary>
    public void Say(string node, long read, bool isMissing)
    {
        _nodes.RemoveAll(known => known.Node == node);
        _nodes.Add((node, read, isMissing));
    }

    public override string ToString() => string.Join(',', _nodes.Select(known => $"{known.Node}:{known.Read.ToString(CultureInfo.InvariantCulture)}{(known.IsMissing ? "!" : "")}"));
}
