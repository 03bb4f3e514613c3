namespace Asha.Core.Scheduling;

/// <summary>
/// A node of the tree in <see cref="RankedResults"/>. A leaf holds results in <see cref="Keys"/>; an inner node holds its children, and of each
/// the smallest result, the number of results and the number of open ones, side by side so that a descent reads one array at a time.
/// </summary>
internal sealed class RankNode
{
    private const int LeafCapacity = 64;
    private const int InnerCapacity = 32;
    private int _used;

    private RankNode(bool inner)
    {
        var capacity = inner ? InnerCapacity : LeafCapacity;
        Keys = new RankedResult[capacity];
        Children = inner ? new RankNode[capacity] : null;
        Counts = inner ? new int[capacity] : [];
        Opens = inner ? new int[capacity] : [];
    }

    public RankedResult[] Keys { get; }

    public RankNode[]? Children { get; }

    public int[] Counts { get; }

    public int[] Opens { get; }

    /// <summary>Results at and below this node.</summary>
    public int Count { get; private set; }

    /// <summary>Open results at and below this node.</summary>
    public int Open { get; private set; }

    public static RankNode Leaf() => new(inner: false);

    /// <summary>A new root above a node that was split.</summary>
    public static RankNode Above(RankNode left, RankNode right)
    {
        var root = new RankNode(inner: true);
        root.Place(0, left);
        root.Place(1, right);
        root.Recount();
        return root;
    }

    /// <summary>Inserts below this node, adds the number of better results here to the rank, and returns the right half if the node was split.</summary>
    public RankNode? Insert(RankedResult result, ref int rank)
    {
        Count++;
        Open += result.Standing == Standing.Open ? 1 : 0;
        var index = FirstAfter(result);
        if (Children is null)
        {
            rank += index;
            Shift(Keys, index);
            Keys[index] = result;
            _used++;
        }
        else
        {
            var child = Math.Max(index - 1, 0);
            for (var before = 0; before < child; before++)
                rank += Counts[before];
            var sibling = Children[child].Insert(result, ref rank);
            Refresh(child);
            if (sibling is not null)
                Place(child + 1, sibling);
        }
        return _used == Keys.Length ? Split() : null;
    }

    /// <summary>How many results below this node are this one or better.</summary>
    public int CountUpTo(RankedResult result)
    {
        var (node, better) = (this, 0);
        while (node.Children is { } children)
        {
            var child = Math.Max(node.FirstAfter(result) - 1, 0);
            for (var before = 0; before < child; before++)
                better += node.Counts[before];
            node = children[child];
        }
        return better + node.FirstAfter(result);
    }

    /// <summary>Marks the open result that has so many before it, below this node, as promoted.</summary>
    public void Promote(int before)
    {
        Open--;
        if (Children is null)
        {
            Keys[before] = Keys[before] with { Standing = Standing.Promoted };
            return;
        }
        var child = 0;
        while (before >= Counts[child])
            before -= Counts[child++];
        Children[child].Promote(before);
        Opens[child]--;
    }

    private int FirstAfter(RankedResult result)
    {
        int low = 0, high = _used;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (result.IsBefore(Keys[middle]))
                high = middle;
            else
                low = middle + 1;
        }
        return low;
    }

    private void Place(int index, RankNode child)
    {
        Shift(Keys, index);
        Shift(Children!, index);
        Shift(Counts, index);
        Shift(Opens, index);
        Children![index] = child;
        _used++;
        Refresh(index);
    }

    private void Refresh(int child)
    {
        var node = Children![child];
        Keys[child] = node.Keys[0];
        Counts[child] = node.Count;
        Opens[child] = node.Open;
    }

    private void Shift<T>(T[] array, int index) => Array.Copy(array, index, array, index + 1, _used - index);

    private RankNode Split()
    {
        var right = new RankNode(inner: Children is not null);
        var half = _used / 2;
        right._used = _used - half;
        Array.Copy(Keys, half, right.Keys, 0, right._used);
        if (Children is not null)
        {
            Array.Copy(Children, half, right.Children!, 0, right._used);
            Array.Clear(Children, half, right._used);
            Array.Copy(Counts, half, right.Counts, 0, right._used);
            Array.Copy(Opens, half, right.Opens, 0, right._used);
        }
        _used = half;
        Recount();
        right.Recount();
        return right;
    }

    private void Recount()
    {
        Count = Open = 0;
        for (var index = 0; index < _used; index++)
        {
            Count += Children is null ? 1 : Counts[index];
            Open += Children is null ? (Keys[index].Standing == Standing.Open ? 1 : 0) : Opens[index];
        }
    }
}
