namespace Asha.Core.Scheduling;

/// <summary>
/// What experiments say that they hold, against the book. After a supervisor has failed over, the book is empty and fills from two sides, in any order: nodes announce themselves and the jobs
/// that run on them, experiments claim their slots. A job that runs is stronger than a claim.
/// </summary>
internal sealed class SlotClaims(SlotBook book, PoolDecisions decisions, SlotDealer dealer)
{
    private readonly SortedDictionary<int, PoolShare> _awaited = [];
    private readonly List<int> _arrived = [];
    private readonly HashSet<int> _seen = [];

    /// <summary>Numbers below were given by supervisors before this one: their nodes may still announce themselves.</summary>
    public int Inherited { get; set; }

    /// <summary>Whether claimed slots have come whose claims are not decided.</summary>
    public bool HasArrived => _arrived.Count > 0;

    /// <summary>A node has announced this slot.</summary>
    public void Joined(int number)
    {
        if (number < Inherited)
            _seen.Add(number);
        if (_awaited.ContainsKey(number))
            _arrived.Add(number);
    }

    public void Claim(PoolShare share, IEnumerable<int> claimed)
    {
        var slots = new SortedSet<int>(claimed);
        GiveUp(share, number => !slots.Contains(number), isTold: false);
        foreach (var number in slots)
        {
            if (book.Find(number) is { } slot)
                Decide(share, slot);
            else if (number < 0 || number >= Inherited || _seen.Contains(number) || (_awaited.TryGetValue(number, out var other) && other != share))
                decisions.Deny(share, number);
            else if (_awaited.TryAdd(number, share))
                book.Change(share, waiting => waiting.Awaited.Add(number));
        }
        foreach (var slot in share.Slots.Except(slots).Select(number => book.Slots[number]).Where(slot => slot.Holder == share).ToArray())
        {
            // It was granted in vain, or the return was lost.
            if (slot.Owner == share)
                decisions.Renew(slot, share);
            else
                book.Set(slot, null, slot.Owner);
        }
        dealer.Trim(share);
    }

    /// <summary>Claims whose node has not come in time are lost.</summary>
    public void GiveUp(PoolShare share, Func<int, bool>? which = null, bool isTold = true)
    {
        foreach (var number in share.Awaited.Where(which ?? (_ => true)).ToArray())
        {
            _awaited.Remove(number);
            _arrived.Remove(number);
            book.Change(share, waiting => waiting.Awaited.Remove(number));
            if (isTold)
                decisions.Deny(share, number);
        }
    }

    /// <summary>Decides the claims of slots that have come since: by now their node has told what runs there.</summary>
    public void Settle()
    {
        foreach (var number in _arrived.Order().ToArray())
        {
            if (!_awaited.Remove(number, out var share))
                continue;
            book.Change(share, waiting => waiting.Awaited.Remove(number));
            if (book.Find(number) is { } slot)
                Decide(share, slot);
            else
                decisions.Deny(share, number); // It is gone already.
            dealer.Trim(share);
        }
        _arrived.Clear();
    }

    /// <summary>The experiment says that it holds a slot that is there.</summary>
    public void Decide(PoolShare share, PoolSlot slot)
    {
        if (slot.Holder == share)
        {
            decisions.Renew(slot, share);
            if (slot.Owner != share)
                decisions.Recall(slot);
        }
        else if (slot.Holder is null && (slot.Owner is null || slot.Owner == share))
        {
            decisions.Grant(slot, share);
        }
        else
        {
            decisions.Deny(share, slot.Number);
        }
    }
}
