using Asha.Core.Randomness;
using Asha.Core.Spaces;

namespace Asha.Core.Searchers;

/// <summary>
/// Proposes the configuration of each trial: the initial ones first, then random ones, as a function of (seed, trial number) alone.
/// </summary>
/// <remarks>
/// A discrete space of at most <see cref="CountableLimit"/> configurations is used up without repeating one: all of them are put
/// in a random order once. Each gets the key ln(u) / p, u uniform and p its probability, and the highest come first, which draws
/// without replacement in proportion to p (Efraimidis and Spirakis, Weighted random sampling with a reservoir, 2006).
/// A larger space is drawn from independently; a repeat is then possible, and rare. A space without parameters, of a world that has its trials in a table, never ends.
/// </remarks>
public sealed class RandomSearcher
{
    /// <summary>Spaces with more configurations than this are treated as endless.</summary>
    public const int CountableLimit = 1 << 17;

    private readonly SearchSpace _space;
    private readonly KeyedRandom _random;
    private readonly IReadOnlyList<Configuration> _initial;
    private readonly List<Configuration>? _order;

    public RandomSearcher(SearchSpace space, long seed, IReadOnlyList<Configuration> initial)
    {
        _space = space;
        _random = KeyedRandom.Of(seed).Stream("space");
        _initial = initial;
        _order = RandomOrder();
    }

    /// <summary>How many different configurations there are; <c>null</c> where there is no end to them.</summary>
    public int? Count => _order is null ? null : _initial.Count + _order.Count;

    /// <summary>The configuration of trial <paramref name="trial"/> (from 0), or <c>null</c> where the space is used up.</summary>
    public Configuration? Propose(int trial)
    {
        if (trial < _initial.Count)
            return _initial[trial];
        if (_order is null)
            return _space.Sample(_random.Stream(trial));
        var index = trial - _initial.Count;
        return index < _order.Count ? _order[index] : null;
    }

    private List<Configuration>? RandomOrder()
    {
        if (_space.Parameters.Count == 0 || _space.Enumerate(CountableLimit) is not { } all)
            return null;
        var order = _random.Stream("order");
        return [.. all
            .Select((entry, index) => (entry.Configuration, Index: index, Key: Math.Log(1 - order.Stream(index).Unit()) / entry.Probability))
            .Where(entry => !_initial.Any(initial => initial.Means(entry.Configuration)))
            .OrderByDescending(entry => entry.Key).ThenBy(entry => entry.Index)
            .Select(entry => entry.Configuration)];
    }
}
