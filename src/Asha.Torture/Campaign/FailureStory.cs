using Asha.Torture.World;

namespace Asha.Torture.Campaign;

/// <summary>What came before a law was broken: what befell the trial that it is about, and what the world did meanwhile.</summary>
public static class FailureStory
{
    /// <summary>Runs the experiment once more, and listens.</summary>
    /// <param name="broken">Its result.</param>
    /// <param name="most">So many lines, the last ones.</param>
    public static IReadOnlyList<TraceLine> Of(TortureResult broken, int most = 30)
    {
        var trial = broken.Broken?.Trial;
        var last = new Queue<TraceLine>();
        var isOver = false;
        TortureRun.Of(broken.Last, line =>
        {
            if (isOver)
                return;
            isOver = line.IsEnd;
            if (trial is null ? line.Trial is null && !line.IsOfNote : line.Trial != trial && (line.Trial is not null || !line.IsOfNote))
                return;
            last.Enqueue(line);
            if (last.Count > most)
                last.Dequeue();
        });
        return [.. last];
    }
}
