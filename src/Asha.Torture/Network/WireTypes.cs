using Asha.Actors.Messages;

namespace Asha.Torture.Network;

/// <summary>Which messages go between machines, and what may happen to each. Whatever the protocol cannot take yet is said here and nowhere else.</summary>
internal static class WireTypes
{
    public static bool IsToNode(object message) => message is StartJob or ReportStored or EndJob or ReleaseCheckpoints or NodeReleased or NodeJoined or SlotGivenUp or AnnounceNode or RunIsOver or RunIsPaused;

    public static bool IsFromNode(object message) => message is NodeReport or JoinNode or LeaveNode or RetireSlot or AttemptOver or JobTaken or JobGone or IsRunOver;

    /// <summary>Whether it is for the experiment; else it is for the supervisor.</summary>
    public static bool IsForExperiment(object message) => message is NodeReport or AttemptOver or JobTaken or JobGone;

    /// <summary>Between supervisor and experiment, where these are on two machines.</summary>
    public static bool IsFromSupervisor(object message) => message is IToldMessage or ToldSoFar or ReopenExperiment;

    /// <summary>The other way.</summary>
    public static bool IsToSupervisor(object message) => message is OpenExperiment or CloseExperiment or HoldSlots or ParkSlot or UseSlot or WantSlots or ReturnSlot;

    /// <summary>May be lost: it is sent again until it is answered, or is the answer, or what it says will be said again when it matters. All but the word that a report will come.</summary>
    public static bool IsDroppable(object message) => message is not AttemptOver;

    /// <summary>May arrive twice.</summary>
    public static bool IsDuplicable(object message) => message is not AttemptOver;

    /// <summary>May arrive after what was sent later, where a connection broke.</summary>
    public static bool IsReorderable(object message) => message is not AttemptOver;
}
