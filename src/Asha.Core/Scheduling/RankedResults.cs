namespace Asha.Core.Scheduling;

/// <summary>What has become of a result in its rung.</summary>
internal enum Standing : byte { Open, Promoted, NotFinite }

/// <summary>One result.</summary>
internal readonly record struct RankedResult(double Metric, int Trial, Standing Standing)
{
    public bool IsBefore(RankedResult other) => Ranking.IsBefore(Metric, Trial, other.Metric, other.Trial);
}

/// <summary>
/// Results in the order of their ranks: a B+ tree whose inner nodes count the results, and the open ones, below each child.
/// Insert, the first open result with its rank, the rank of a result, and the result of a rank all take O(log n).
/// </summary>
internal sealed class RankedResults
{
    private RankNode _root = RankNode.Leaf();

    public int Count => _root.Count;

    /// <summary>Inserts a result and returns its rank, from 1.</summary>
    public int Insert(RankedResult result)
    {
        var rank = 1;
        if (_root.Insert(result, ref rank) is { } sibling)
            _root = RankNode.Above(_root, sibling);
        return rank;
    }

    /// <summary>The best result that is open, with its rank from 1; rank 0 where there is none.</summary>
    public (RankedResult Result, int Rank) FirstOpen()
    {
        if (_root.Open == 0)
            return default;
        var node = _root;
        var rank = 1;
        while (node.Children is { } children)
        {
            var child = 0;
            while (node.Opens[child] == 0)
                rank += node.Counts[child++];
            node = children[child];
        }
        var index = 0;
        while (node.Keys[index].Standing != Standing.Open)
            index++;
        return (node.Keys[index], rank + index);
    }

    /// <summary>The rank of a result that was inserted, from 1.</summary>
    public int RankOf(RankedResult result) => _root.CountUpTo(result);

    /// <summary>Marks the open result of a rank, 1 … Count, as promoted.</summary>
    public void Promote(int rank) => _root.Promote(rank - 1);

    /// <summary>The result of a rank, 1 … Count.</summary>
    public RankedResult At(int rank)
    {
        var node = _root;
        var before = rank - 1;
        while (node.Children is { } children)
        {
            var child = 0;
            while (before >= node.Counts[child])
                before -= node.Counts[child++];
            node = children[child];
        }
        return node.Keys[before];
    }
}
