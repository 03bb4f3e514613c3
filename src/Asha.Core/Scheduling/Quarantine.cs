namespace Asha.Core.Scheduling;

/// <summary>From what each experiment says of nodes that fail all it gives them, to which nodes are given to nobody (docs/decisions/030).</summary>
public static class Quarantine
{
    /// <summary>
    /// The nodes that are shut: some experiment says so, and all that hold a slot there say so too; one that is at work there and does not is a witness for the node. If that were more than half of all nodes it is none: then something is wrong that is no
    /// node's own, and each experiment goes by what it sees itself.
    /// </summary>
    /// <param name="words">Which nodes each experiment says it of.</param>
    /// <param name="holders">Who holds a slot of a node.</param>
    /// <param name="nodes">How many nodes there are.</param>
    public static IReadOnlySet<string> Of(IReadOnlyDictionary<string, IReadOnlySet<string>> words, Func<string, IEnumerable<string>> holders, int nodes)
    {
        var shut = words.Values.SelectMany(own => own).Distinct().Where(node => holders(node).All(holder => words.TryGetValue(holder, out var own) && own.Contains(node))).ToHashSet(StringComparer.Ordinal);
        return shut.Count * 2 <= nodes ? shut : new HashSet<string>();
    }
}
