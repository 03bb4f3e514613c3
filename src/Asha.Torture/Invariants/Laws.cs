namespace Asha.Torture.Invariants;

/// <summary>All laws there are.</summary>
public static class Laws
{
    /// <param name="idle">So long a slot may be idle with work for it; 0: never.</param>
    public static IReadOnlyList<Invariant> All(TimeSpan idle) =>
    [
        new EventsInOrder(),
        new OneWriterAtATime(),
        new NothingAcknowledgedIsLost(),
        new ResultsCountOnce(),
        new ReportedResultsCount(),
        new PromotedFromTheBest(),
        new RanksAreASort(),
        new NobodyIsPassedOver(),
        new OneJobASlot(),
        new NoStartBeforeItsDecision(),
        new NoStartByAnOldGrant(),
        new NoSlotIdleWithWork(idle),
        new JournalIsTheState(),
        new SlotTimeAddsUp(),
        new AttemptsAndRetries(),
        new NoneLostWhereAllIsWell(),
        new QuarantineIsKept(),
        new CheckpointsAreTheTrialsOwn(),
        new StopsEndInTime(),
    ];
}
