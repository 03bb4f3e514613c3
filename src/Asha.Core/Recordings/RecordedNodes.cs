using Asha.Core.Experiments;
using Asha.Core.Worlds;

namespace Asha.Core.Recordings;

/// <summary>The nodes of a recording, as a world has them: slots of one node that came and went together are one.</summary>
public static class RecordedNodes
{
    /// <summary>One that was not given up before the recording's end.</summary>
    private static readonly TimeSpan _never = TimeSpan.FromDays(100_000);

    private sealed class Life(SlotJoined joined)
    {
        public SlotJoined Joined => joined;

        public TimeSpan? Lost { get; set; }

        public TimeSpan? Left { get; set; }

        /// <summary>When its last job started, if it has not been parked since.</summary>
        public TimeSpan? Started { get; set; }

        /// <summary>Slots that have this in common are of one node of the world.</summary>
        public (string Node, TimeSpan Joined, TimeSpan? Lost, TimeSpan? Removed) Key => (joined.Node, joined.Time, Lost, Lost is null ? null : Left);
    }

    /// <summary>In the order in which they joined, so that slots get the numbers that they had. Of one that leaves it is recorded when its slots were given back, not when it began to: it was with the start of the last job at the latest.</summary>
    public static IReadOnlyList<WorldNode> Of(IEnumerable<ExperimentEvent> events)
    {
        var (lives, slots) = (new List<Life>(), new Dictionary<int, Life>());
        TimeSpan? due = null;
        foreach (var happened in events)
        {
            if (happened is SlotJoined joined)
                lives.Add(slots[joined.Slot] = new Life(joined));
            else if (happened is JobStarted { GoesOn: false } started) // One that goes on keeps its slot, whoever wants it back.
                slots[started.Slot].Started = started.Time == due ? started.Time + TimeSpan.FromTicks(1) : started.Time; // What happens to nodes comes before back-offs that end at that time.
            else if (happened is RetryDue retry)
                due = retry.Time;
            else if (happened is SlotParked parked)
                slots[parked.Slot].Started = null;
            else if (happened is SlotLost lost)
                slots[lost.Slot].Lost ??= lost.Time;
            else if (happened is ExperimentResumed)
                DieTogether(slots.Values, happened.Time); // With their engine.
            else if (happened is SlotLeft { Reason: null } left)
                slots[left.Slot].Left ??= left.Time; // One that is retired goes with the attempt that it ran.
        }
        var nodes = new List<WorldNode>();
        for (var first = 0; first < lives.Count;)
        {
            var next = first + 1;
            while (next < lives.Count && lives[next].Key == lives[first].Key)
                next++;
            nodes.Add(Node(lives[first..next]));
            first = next;
        }
        return nodes;
    }

    private static void DieTogether(IEnumerable<Life> lives, TimeSpan time)
    {
        foreach (var life in lives.Where(life => life.Left is null))
            life.Lost ??= time;
    }

    private static WorldNode Node(List<Life> slots)
    {
        // What happens to a node happens after it has joined.
        var life = slots[0];
        TimeSpan? Later(TimeSpan? time) => time is { } at ? at > life.Joined.Time ? at : life.Joined.Time + TimeSpan.FromTicks(1) : null;
        var dies = Later(life.Lost);
        // None of its slots gets a job once it leaves: it began to when the last one had, or gave an idle one back.
        var leaves = dies is null && slots.Any(slot => slot.Left is not null) ? slots.Max(slot => slot.Started ?? slot.Left ?? TimeSpan.Zero) : (TimeSpan?)null;
        return new WorldNode(slots.Count)
        {
            Joins = life.Joined.Time,
            Dies = dies,
            RemovedAfter = dies is not { } died ? TimeSpan.Zero : Later(life.Left) is { } removed ? removed - died : _never,
            Leaves = Later(leaves),
        };
    }
}
