using Asha.Core.Experiments;
using Asha.Tuning;

namespace Asha.Host.ExperimentFiles;

/// <summary>Reads how often a job is tried by each kind of fault, and how long it waits between.</summary>
internal static class RetryReader
{
    /// <summary>The limits by kind; <c>null</c> where there are none, or where they are wrong.</summary>
    public static FaultLimits? Limits(Field? field)
    {
        if (field?.Map("{out-of-memory: 1, crash: 3, time-out: 2, bad-report: 1}") is not { } map)
            return null;
        int? Limit(string kind) => map.Take(kind)?.Count(1, ExperimentRules.MostAttempts);
        var limits = new FaultLimits(Limit("out-of-memory"), Limit("crash"), Limit("time-out"), Limit("bad-report"));
        map.End();
        if (map.Count == 0)
            map.Wrong("names no kind of fault; give out-of-memory, crash, time-out or bad-report, or remove it");
        return limits;
    }

    /// <summary>The back-off; <c>null</c>: none, or it is wrong.</summary>
    /// <param name="field">A duration, the first wait, with <c>0s</c> for none; or a map.</param>
    /// <param name="leftOut">What holds where it is not there.</param>
    public static BackOffSpec? BackOff(Field? field, BackOffSpec? leftOut)
    {
        if (field is null)
            return leftOut;
        if (!field.IsMap)
            return field.DurationOrNone() is { } wait && wait > TimeSpan.Zero ? Of(wait, null, null, null) : null;
        if (field.Map("{first: 1s, factor: 2, most: 1m, jitter: 0.1}") is not { } map)
            return null;
        var first = map.Take("first");
        var (factor, mostField, jitter) = (map.Take("factor")?.Number(1, ExperimentRules.LargestBackOffFactor), map.Take("most"), map.Take("jitter")?.Number(0, 1));
        var (wanted, most) = (first is null ? ExperimentRules.DefaultBackOff.First : first.Duration(), mostField?.Duration());
        map.End();
        if (wanted is { } given && most < given)
            mostField!.Wrong($"must be at least {Durations.Format(given)}, the first wait, but is {Durations.Format(most.Value)}");
        return wanted is { } known ? Of(known, factor, most, jitter) : null;
    }

    /// <summary>How many trials must fail on a node, and nothing else happen there, before it goes into quarantine; <c>null</c>: it never does, or it is wrong.</summary>
    /// <param name="field">Their number, with 0 for never.</param>
    /// <param name="leftOut">What holds where it is not there.</param>
    public static int? Quarantine(Field? field, int? leftOut)
    {
        if (field?.Count(0, ExperimentRules.MostAttempts) is not { } trials)
            return field is null ? leftOut : null;
        if (trials == 1)
            field.Wrong("must be at least 2, as one trial may be at fault itself, or 0 for never, but is 1");
        return trials > 1 ? trials : null;
    }

    private static BackOffSpec Of(TimeSpan first, double? factor, TimeSpan? most, double? jitter) => ExperimentRules.BackOff(first, factor, most, jitter);
}
