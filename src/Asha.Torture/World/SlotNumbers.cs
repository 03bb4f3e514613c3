using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Torture.World;

/// <summary>Which slots something is about, by the run's numbers of them: nodes have numbers of their own, and most messages name an attempt.</summary>
internal sealed class SlotNumbers
{
    private readonly Dictionary<(int Trial, int Attempt), int> _ofAttempts = [];
    private readonly Dictionary<(IActorRef Node, int Index), int> _ofNodes = [];

    public IReadOnlyList<int> Of(ExperimentEvent happened)
    {
        if (happened is JobStarted begun)
            _ofAttempts[(begun.Trial, begun.Attempt)] = begun.Slot;
        else if (happened is AttemptRegained back)
            _ofAttempts[(back.Trial, back.Attempt)] = back.Slot;
        return happened switch
        {
            SlotJoined joined => [joined.Slot],
            SlotLost lost => [lost.Slot],
            SlotLeft left => [left.Slot],
            SlotParked parked => [parked.Slot],
            JobStarted started => [started.Slot],
            ReportAwaited awaited => [awaited.Slot],
            JobCompleted completed => [completed.Slot],
            AttemptFailed failed => [failed.Slot],
            AttemptLost lost => [lost.Slot],
            AttemptRegained regained => [regained.Slot],
            JobCut cut => [cut.Slot],
            ReportAccepted accepted => Of(accepted.Trial, accepted.Attempt),
            ReportRejected rejected => Of(rejected.Trial, rejected.Attempt),
            _ => [],
        };
    }

    /// <param name="to">Who takes the message; <c>null</c>: it is not known.</param>
    public IReadOnlyList<int> Of(object message, IActorRef? to = null, IActorRef? sender = null)
    {
        if (message is GrantSlots grant)
        {
            foreach (var slot in grant.Slots)
                _ofNodes[(slot.Address, slot.Index)] = slot.Slot;
        }
        return message switch
        {
            GrantSlots granted => [.. granted.Slots.Select(slot => slot.Slot)],
            RecallSlot recalled => [recalled.Slot],
            ReturnSlot returned => [returned.Slot],
            ParkSlot parked => [parked.Slot],
            UseSlot used => [used.Slot],
            SlotRetired retired => [retired.Slot],
            SlotsUnreachable unreachable => unreachable.Slots,
            SlotsLost lost => lost.Slots,
            RetireSlot retire => Of(sender, retire.Slot),
            SlotGivenUp known => Of(to, known.Slot),
            NodeReport { Report: var report } => Of(report.Trial, report.Attempt),
            ReportStored stored => Of(stored.Trial, stored.Attempt),
            StartJob start => Of(start.Trial, start.Attempt),
            EndJob end => Of(end.Trial, end.Attempt),
            JobTaken taken => Of(taken.Trial, taken.Attempt),
            JobGone gone => Of(gone.Trial, gone.Attempt),
            AttemptOver over => Of(over.Trial, over.Attempt),
            _ => [],
        };
    }

    private IReadOnlyList<int> Of(int trial, int attempt) => _ofAttempts.TryGetValue((trial, attempt), out var slot) ? [slot] : [];

    private IReadOnlyList<int> Of(IActorRef? node, int index) => node is not null && _ofNodes.TryGetValue((node, index), out var slot) ? [slot] : [];
}
