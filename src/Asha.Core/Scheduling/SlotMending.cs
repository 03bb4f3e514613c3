namespace Asha.Core.Scheduling;

/// <summary>What an experiment tells from time to time, so that a message that was lost between it and the pool is found out.</summary>
/// <param name="Held">The slots that it holds.</param>
/// <param name="Parked">Those of them that it has nothing for.</param>
/// <param name="Wants">Whether it has work and would take more.</param>
/// <param name="Heard">The number up to which it has heard all that it was told.</param>
public sealed record SlotReport(IReadOnlyCollection<int> Held, IReadOnlyCollection<int> Parked, bool Wants, long Heard);

/// <summary>How a slot stands in the pool's book, as one experiment sees it.</summary>
public enum SlotStanding
{
    /// <summary>It is not there.</summary>
    Absent,
    /// <summary>Another holds it, or it is on its way to another.</summary>
    Another,
    /// <summary>Nobody holds it, and it is kept for nobody else.</summary>
    Free,
    /// <summary>The experiment holds it.</summary>
    Kept,
    /// <summary>The experiment holds it and was told to return it.</summary>
    Recalled,
}

/// <summary>What mends a difference between the pool's book and an experiment's.</summary>
public enum SlotMend
{
    /// <summary>They agree.</summary>
    None,
    /// <summary>It is granted again, with a new grant.</summary>
    Grant,
    /// <summary>It is recalled again.</summary>
    Recall,
    /// <summary>The experiment is told that the slot is not its own.</summary>
    Deny,
    /// <summary>The book takes it for returned.</summary>
    TakeBack,
}

/// <summary>What a difference means. Both sides change at once and hear of it later, so a difference alone is no fault.</summary>
public static class SlotMending
{
    /// <summary>
    /// Whether the two books may be compared: when the experiment has heard all that it was told, or when something that it was told before its last report has not come by this one, and so was lost.
    /// </summary>
    /// <param name="told">The number of the newest message to the experiment.</param>
    /// <param name="toldBefore">What that was at its report before this one.</param>
    public static bool IsDue(SlotReport report, long told, long toldBefore) => report.Heard >= told || report.Heard < toldBefore;

    /// <summary>What mends the difference at one slot, of books that may be compared.</summary>
    /// <param name="isHeld">Whether the experiment says that it holds the slot.</param>
    /// <param name="isHeard">Whether it has heard all that it was told: if so, what was lost is its own message.</param>
    public static SlotMend Of(SlotStanding standing, bool isHeld, bool isHeard) => (standing, isHeld, isHeard) switch
    {
        (SlotStanding.Absent or SlotStanding.Another, true, _) => SlotMend.Deny,
        (SlotStanding.Free, true, _) => SlotMend.Grant,
        (SlotStanding.Recalled, true, false) => SlotMend.Recall,
        (SlotStanding.Kept, false, false) => SlotMend.Grant,
        // It has heard of the grant and does not hold the slot: it returned it. Of one that was recalled it does not matter which was lost.
        (SlotStanding.Kept or SlotStanding.Recalled, false, _) => SlotMend.TakeBack,
        _ => SlotMend.None,
    };
}
