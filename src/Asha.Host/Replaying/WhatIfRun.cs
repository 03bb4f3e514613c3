using Asha.Core.Recordings;
using Asha.Host.Comparing;
using Asha.Host.Scenarios;

namespace Asha.Host.Replaying;

/// <summary>Runs what is asked of a recording, and compares it with the recorded run.</summary>
internal static class WhatIfRun
{
    public static (Comparison Comparison, RecordingWords Words) Of(Recording recording, WhatIf asked)
    {
        var attempts = RecordedAttempts.Of(recording.Events);
        var whole = new WhatIfSide(Label(recording, asked), asked, attempts);
        // How far it is known is known when it has run.
        whole.Run(recording.Spec.Seed, _ => { }, (_, _) => { });
        var named = whole.KnownUntil is null ? whole : whole.Named($"{whole.Label}, estimated");
        ICompared[] sides = whole.KnownPart is { } known ? [new RecordedSide(recording), known, named] : [new RecordedSide(recording), named];
        var words = new RecordingWords(recording, asked, whole);
        return (Comparison.Of(sides, words, recording.Spec.Seed, 1, asked.Spec.Stop.Metric, Comparison.MostListed), words);
    }

    /// <summary>What is changed beside the scheduler is said with it.</summary>
    private static string Label(Recording recording, WhatIf asked)
    {
        if (asked.Changes.Count == 0)
            return "simulated again";
        var scheduler = asked.Spec.Scheduler.Name != recording.Spec.Scheduler.Name ? asked.Spec.Scheduler.Name : null;
        var others = asked.Changes.Where(change => scheduler is null || !change.StartsWith("scheduler.type=", StringComparison.Ordinal));
        return string.Join(", ", (scheduler is null ? others : others.Prepend(scheduler)).Select(change => change.Replace("scheduler.", "", StringComparison.Ordinal)));
    }
}
