using Asha.Core.Scheduling;

namespace Asha.Actors.Metrics;

/// <summary>How many slots of a pool are in which state.</summary>
internal static class SlotStates
{
    /// <summary>All states, each with its slots, also where there are none: <c>free</c>, nobody has it; <c>held</c>, a run gives it jobs; <c>parked</c>, its run has nothing for it at the moment; <c>leaving</c>, its node leaves;
    /// <c>quarantined</c>, nobody has it nor is given it.</summary>
    /// <param name="rows">The slots.</param>
    /// <param name="isShut">Whether a slot's node is in quarantine.</param>
    public static IReadOnlyDictionary<string, int> Of(IEnumerable<SlotRow> rows, Func<SlotRow, bool> isShut)
    {
        var states = new Dictionary<string, int> { ["free"] = 0, ["held"] = 0, ["parked"] = 0, ["leaving"] = 0, ["quarantined"] = 0 };
        foreach (var row in rows)
            states[row.Leaves ? "leaving" : row.Holder is null ? isShut(row) ? "quarantined" : "free" : row.IsParked ? "parked" : "held"]++;
        return states;
    }
}
