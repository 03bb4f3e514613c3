using Asha.Torture.Campaign;
using Asha.Torture.Faults;
using Spectre.Console;

namespace Asha.Host.Cli;

/// <summary>What <c>asha torture</c> prints in the end.</summary>
internal static class TortureReport
{
    /// <param name="silent">Kinds of faults that should have taken effect, and never did.</param>
    public static void Write(CampaignTotals totals, IReadOnlyList<Fault> silent, TimeSpan took, IAnsiConsole console)
    {
        if (totals.Seeds == 0)
            return;
        var faults = Output.Table("fault", "injected", "took effect");
        foreach (var kind in Enum.GetValues<Fault>())
            faults.Row(KindNames.NameOf(kind), Count(totals.Faults.Injected(kind)), Count(totals.Faults.Took(kind)));
        console.Write(faults);
        if (totals.Evaluated.Count > 0)
        {
            var laws = Output.Table("law", "judged");
            foreach (var (law, times) in totals.Evaluated)
                laws.Row(law, Count(times));
            console.Write(laws);
        }
        if (totals.Unreached.Count > 0)
            console.Line($"transitions that no seed reached: {string.Join("; ", totals.Unreached)}");
        if (totals.Unexpected.Count > 0)
            console.Line($"transitions that nobody expected: {string.Join("; ", totals.Unexpected)}");
        console.Line($"ended: {string.Join(", ", totals.Outcomes.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{(one.Key.Length == 0 ? "did not end" : one.Key)} {Count(one.Value)}"))}");
        console.Line(FormattableString.Invariant($"{totals.Seeds:#,0} seeds, {totals.Events:#,0} events ({totals.Events / Math.Max(1, totals.Seeds):#,0} a seed, {totals.FewestEvents:#,0} at least), {totals.Messages:#,0} messages; {took.TotalSeconds:0.0} s, {totals.Seeds / took.TotalSeconds:0.0} seeds a second; from other threads: {totals.Foreign}; hash {totals.Hash:x16}"));
        foreach (var law in totals.Broken.GroupBy(one => one.Broken!.Law))
            console.Line($"broken {Count(law.Count())} times, first with seed {law.First().Case.Seed}: {law.First().Broken!.Message}");
        if (silent.Count > 0)
            console.Line($"failed: a fault that never took effect tests nothing: {string.Join(", ", silent.Select(KindNames.NameOf))}");
        if (totals.Foreign > 0)
            console.Line("failed: work came from other threads, so that a seed need not give the same run again");
        console.Line(totals.Broken.Count == 0 ? "no law was broken" : $"a law was broken with {totals.Broken.Count} of them, the first is {totals.Broken[0].Case.Seed}");
    }

    private static string Count(long count) => FormattableString.Invariant($"{count:#,0}");
}
