using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Core.Scheduling;

namespace Asha.Actors;

/// <summary>
/// The nodes that experiments leave alone, as each said last, and what of that follows for the pool: which slots each experiment takes none of. Nothing of it is kept when the supervisor goes: experiments say it again to the next one.
/// </summary>
/// <param name="pool">Is told.</param>
/// <param name="nodes">Those that have joined.</param>
/// <param name="runs">The experiments that are known.</param>
internal sealed class NodeShuns(SlotPool pool, Func<IReadOnlyCollection<JoinedNode>> nodes, Func<IEnumerable<string>> runs)
{
    private readonly Dictionary<string, IReadOnlyList<ShunnedNode>> _words = [];

    /// <summary>The nodes of that name that were there when a run first said that it is in quarantine, or that it was granted a slot of since: another one was started after that.</summary>
    private readonly Dictionary<(string Run, string Node), HashSet<IActorRef>> _known = [];
    private IReadOnlySet<string> _shut = new HashSet<string>();
    private (long Turns, int Nodes) _seen;

    /// <summary>Those that leave some node alone.</summary>
    public IEnumerable<string> Runs => _words.Keys;

    /// <summary>Whether the slot is one of a node in quarantine.</summary>
    public bool IsShut(JoinedNode node) => _shut.Contains(node.Name);

    /// <summary>A run says which nodes it leaves alone.</summary>
    public void Say(string run, IReadOnlyList<ShunnedNode> words)
    {
        if (words.Count == 0 && !_words.ContainsKey(run))
            return;
        if (words.Count == 0)
            _words.Remove(run);
        else
            _words[run] = words;
        foreach (var over in _known.Keys.Where(key => key.Run == run && !words.Any(word => word.Node == key.Node && IsOfQuarantine(word))).ToArray())
            _known.Remove(over);
        foreach (var word in words.Where(IsOfQuarantine))
            _known.TryAdd((run, word.Node), [.. nodes().Where(node => node.Name == word.Node).Select(node => node.Address)]);
        Tell();
    }

    /// <summary>The run is over.</summary>
    public void Forget(string run) => Say(run, []);

    /// <summary>Nodes, experiments, or who has which slot may be others than before: who is shut out, and with which slot a node is tried, hangs on that.</summary>
    public void Look()
    {
        if (_words.Count > 0 && _seen != Now)
            Tell();
    }

    /// <summary>Whether the node was started again since the run said that it is in quarantine. That is told once.</summary>
    public bool TakeAnew(string run, JoinedNode node) => _known.TryGetValue((run, node.Name), out var known) && known.Add(node.Address);

    private (long Turns, int Nodes) Now => (pool.Turns, nodes().Count);

    private void Tell()
    {
        _seen = Now;
        var named = nodes().ToLookup(node => node.Name);
        _shut = Quarantine.Of(
            _words.ToDictionary(said => said.Key, said => (IReadOnlySet<string>)said.Value.Where(word => word.IsQuarantined).Select(word => word.Node).ToHashSet()),
            name => named[name].SelectMany(SlotsOf).Select(slot => pool.RowOf(slot)?.Holder).OfType<string>(), named.Count);
        foreach (var run in runs())
            pool.Shun(run, NamesOf(run).SelectMany(name => named[name]).SelectMany(node => ShunnedOf(run, node)).ToHashSet());
    }

    /// <summary>The nodes of which the run takes not all slots: few, where there may be hundreds.</summary>
    private IEnumerable<string> NamesOf(string run) => _words.TryGetValue(run, out var words) ? _shut.Union(words.Select(word => word.Node)) : _shut;

    private IEnumerable<int> ShunnedOf(string run, JoinedNode node)
    {
        if (_words.GetValueOrDefault(run)?.FirstOrDefault(word => word.Node == node.Name) is not { } word)
            return _shut.Contains(node.Name) ? SlotsOf(node) : [];
        var isTried = word.IsTried || (_known.TryGetValue((run, node.Name), out var known) && !known.Contains(node.Address));
        return isTried && ToTry(run, node) is { } one ? SlotsOf(node).Where(slot => slot != one) : SlotsOf(node);
    }

    /// <summary>The slot of the node that it is tried with: one that the run has, else one that nobody has.</summary>
    private int? ToTry(string run, JoinedNode node)
    {
        SlotRow[] rows = [.. SlotsOf(node).Select(pool.RowOf).OfType<SlotRow>()];
        return (rows.FirstOrDefault(row => row.Holder == run) ?? rows.FirstOrDefault(row => row.Holder is null))?.Slot;
    }

    private static bool IsOfQuarantine(ShunnedNode word) => word.IsQuarantined || word.IsTried;

    private static IEnumerable<int> SlotsOf(JoinedNode node) => Enumerable.Range(node.FirstSlot, node.Slots);
}
