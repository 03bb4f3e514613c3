namespace Asha.Core.Experiments;

/// <summary>Jobs to try again, in the order in which their attempts ended; one that waits out a back-off is not among them until it is released. O(log n) a step.</summary>
public sealed class RetryLine
{
    private readonly SortedSet<(long Order, int Trial)> _due = [];
    private readonly Dictionary<int, long> _orders = [];
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
            Add(trial, _order++);
    }

    /// <summary>It need not be tried again.</summary>
    internal void Remove(int trial)
    {
        if (_orders.Remove(trial, out var order))
            _due.Remove((order, trial));
    }

    internal void Release(int trial)
    {
        if (!_places.Remove(trial, out var place))
            return;
        _backingOff.Remove(place);
        Add(trial, place.Order);
    }

    internal void Dequeue() => Remove(_due.Min.Trial);

    private void Add(int trial, long order)
    {
        _due.Add((order, trial));
        _orders[trial] = order;
    }
}
