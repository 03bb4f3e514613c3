namespace Asha.Core.Experiments;

/// <summary>Jobs to try again, in the order in which their attempts ended; one that waits out a back-off is not among them until it is released. O(log n) a step.</summary>
public sealed class RetryLine
{
    private readonly SortedSet<(long Order, int Trial)> _due = [];
    private readonly SortedSet<(TimeSpan From, long Order, int Trial)> _backingOff = [];
    private readonly Dictionary<int, (TimeSpan From, long Order, int Trial)> _places = [];
    private long _order;

    /// <summary>Those that may be tried again now.</summary>
    public IEnumerable<int> Due => _due.Select(own => own.Trial);

    /// <summary>How many these are.</summary>
    public int Count => _due.Count;

    /// <summary>Those that wait out a back-off, in the order in which it ends.</summary>
    public IEnumerable<int> BackingOff => _backingOff.Select(own => own.Trial);

    /// <summary>Whether any waits out a back-off.</summary>
    public bool AnyBackingOff => _backingOff.Count > 0;

    /// <summary>When the first back-off ends; <c>null</c>: none is under way.</summary>
    public TimeSpan? Earliest => _backingOff.Count > 0 ? _backingOff.Min.From : null;

    /// <summary>Those whose back-off has ended by then.</summary>
    public IReadOnlyList<int> DueBy(TimeSpan now) => [.. _backingOff.TakeWhile(own => own.From <= now).Select(own => own.Trial)];

    /// <summary>The next one.</summary>
    public bool TryPeek(out int trial)
    {
        trial = _due.Count > 0 ? _due.Min.Trial : 0;
        return _due.Count > 0;
    }

    internal void Add(int trial, TimeSpan? from)
    {
        if (from is { } time)
            _backingOff.Add(_places[trial] = (time, _order++, trial));
        else
            _due.Add((_order++, trial));
    }

    internal void Release(int trial)
    {
        if (!_places.Remove(trial, out var place))
            return;
        _backingOff.Remove(place);
        _due.Add((place.Order, trial));
    }

    internal void Dequeue() => _due.Remove(_due.Min);
}
