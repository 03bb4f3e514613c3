namespace Asha.Crashes.Checks;

/// <summary>Whether a run kept its promises, from its journal, from what its trials wrote down and from what its engines said, and from nothing else.</summary>
internal static class Checker
{
    /// <summary>What is wrong, each with the name of its law first; empty: nothing is.</summary>
    /// <param name="run">What was seen.</param>
    /// <param name="undisturbed">The journal of a run of the same experiment that nobody disturbed.</param>
    /// <param name="isBarrier">SHA: timing decides nothing, so all is equal.</param>
    public static IReadOnlyList<string> Check(Testimony run, IReadOnlyList<Happened> undisturbed, bool isBarrier)
    {
        var events = Happened.Read(run.Entries);
        return
        [
            .. run.Failures.Select(failure => $"engine: {failure}"),
            .. Kept.Check(run),
            .. Counted.Check(events, run.Lines),
            .. Resumed.Check(events, run.Lines),
            .. Ended.Check(run, events),
            .. Same.Check(events, undisturbed, isBarrier),
        ];
    }
}
