namespace Asha.Core.Scheduling;

/// <summary>Two books, the pool's and an experiment's: made to agree when one of them is new, and when a message between them was lost.</summary>
public sealed partial class SlotPool
{
    /// <summary>
    /// An experiment that is open says what it holds. Those that it may keep are granted once more, also those that it does not know of yet, with higher grants; those that are another's or not there are lost. A slot of
    /// a supervisor before, whose node has not announced itself, may still come: it is waited for until it does, or until <see cref="GiveUp"/>.
    /// </summary>
    public void Claim(string experiment, IEnumerable<int> slots)
    {
        if (Opened(experiment) is { } share)
            _claims.Claim(share, slots);
    }

    /// <summary>The slots that the experiment has claimed and that have not come yet.</summary>
    public IReadOnlyList<int> Awaited(string experiment) => Opened(experiment) is { } share ? [.. share.Awaited] : [];

    /// <summary>The nodes have had time enough: what the experiment has claimed and has not come is lost.</summary>
    public void GiveUp(string experiment)
    {
        if (Opened(experiment) is { } share)
            _claims.GiveUp(share);
    }

    /// <summary>What the experiment has and would have, in its own words, which are newer than all that it said before.</summary>
    public void Report(string experiment, SlotReport report)
    {
        if (Opened(experiment) is not { } share)
            return;
        _book.Want(share, report.Wants);
        foreach (var slot in share.Slots.Select(number => _book.Slots[number]).Where(slot => slot.Holder == share).ToArray())
            _book.Park(slot, !report.Wants && report.Parked.Contains(slot.Number));
    }

    /// <summary>How the slot stands, as the experiment sees it.</summary>
    public SlotStanding StandingOf(string experiment, int slot) => _book.Find(slot) switch
    {
        null => SlotStanding.Absent,
        { Holder: { } holder, Owner: var owner } when holder.Experiment == experiment => owner == holder ? SlotStanding.Kept : SlotStanding.Recalled,
        { Holder: null, Owner: var owner } when owner is null || owner.Experiment == experiment => SlotStanding.Free,
        _ => SlotStanding.Another,
    };

    /// <summary>What is to be mended between the two books; nothing is changed. Nothing while messages may be under way.</summary>
    /// <param name="told">The number of the newest message to the experiment.</param>
    /// <param name="toldBefore">What that was when its report before this one came.</param>
    public IReadOnlyList<(int Slot, SlotMend Mend)> Compare(string experiment, SlotReport report, long told, long toldBefore)
    {
        if (Opened(experiment) is not { } share || !SlotMending.IsDue(report, told, toldBefore))
            return [];
        var held = report.Held.Except(share.Awaited).ToHashSet();
        return [.. held.Union(share.Slots).Order()
            .Select(slot => (slot, SlotMending.Of(StandingOf(experiment, slot), held.Contains(slot), report.Heard >= told)))
            .Where(mend => mend.Item2 != SlotMend.None)];
    }

    /// <summary>Mends it. What the experiment is to be told comes with the next <see cref="Balance"/>.</summary>
    public void Mend(string experiment, IReadOnlyList<(int Slot, SlotMend Mend)> mends)
    {
        foreach (var (number, mend) in mends)
        {
            if (Opened(experiment) is not { } share)
                return;
            var slot = _book.Find(number);
            switch (mend)
            {
                case SlotMend.Grant when slot is not null:
                    _claims.Decide(share, slot);
                    break;
                case SlotMend.Recall when slot?.Holder == share && slot.Owner != share:
                    _decisions.Recall(slot);
                    break;
                case SlotMend.Deny:
                    _decisions.Deny(share, number);
                    break;
                case SlotMend.TakeBack:
                    Return(experiment, number);
                    break;
                default:
                    break;
            }
        }
    }
}
