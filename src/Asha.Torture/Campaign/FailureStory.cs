using Asha.Torture.World;

namespace Asha.Torture.Campaign;

/// <summary>What came before a law was broken: what befell the trial and the slot that it is about, and what the world did meanwhile.</summary>
public static class FailureStory
{
    /// <summary>Runs the experiment once more, and listens.</summary>
    /// <param name="broken">Its result.</param>
    /// <param name="most">So many lines, the last ones.</param>
    public static IReadOnlyList<TraceLine> Of(TortureResult broken, int most = 30)
    {
        var (trial, slot) = (broken.Broken?.Trial, broken.Broken?.Slot);
        var last = new Queue<TraceLine>();
        var isOver = false;
        TortureRun.Of(broken.Last, line =>
        {
            if (isOver)
                return;
            isOver = line.IsEnd;
            if (!Concerns(line, trial, slot))
                return;
            last.Enqueue(line);
            if (last.Count > most)
                last.Dequeue();
        });
        return [.. last];
    }

    /// <summary>It is about the trial or the slot, or about the world; where the law is about neither, all that is about any trial is told.</summary>
    private static bool Concerns(TraceLine line, int? trial, int? slot)
    {
        if (trial is null && slot is null)
            return line.Trial is not null || line.IsOfNote;
        if ((trial is not null && line.Trial == trial) || (slot is { } number && line.Slots.Contains(number)))
            return true;
        return line.IsOfNote && line.Trial is null && (slot is null || line.Slots.Count == 0);
    }
}
