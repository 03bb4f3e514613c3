using System.Globalization;
using Asha.Core.Experiments;
using Asha.Core.Utilization;
using Asha.Host.Cli;
using Asha.Host.Scenarios;

namespace Asha.Host.Comparing;

/// <summary>What happened, in sentences that are computed from the runs and are true whoever is ahead: how busy the slots were and why not; what came of it; how far it went in the end.</summary>
internal static class Headline
{
    /// <summary>A cause of idleness is named from this share on.</summary>
    private const double Notable = .02;

    /// <summary>Sentences, the first of them for a title.</summary>
    public static IReadOnlyList<string> Of(Comparison comparison)
    {
        var all = comparison.Labels.Zip(comparison.Estimates, (label, of) => (Label: label, Of: of)).ToList();
        string[] losses = [.. all.OrderBy(one => one.Of.Utilization.Mean).Select(one => Loss(one.Label, one.Of)).OfType<string>()];
        return [Busy(all, losses), .. Failed(comparison), Trained(all, comparison), .. Best(comparison)];
    }

    /// <summary>How busy slots were means little where nothing came of it.</summary>
    private static IEnumerable<string> Failed(Comparison comparison)
    {
        for (var index = 0; index < comparison.Labels.Count; index++)
        {
            if (comparison.RunsOf(index).Select(run => run.Summary).Where(run => run.Outcome == "failed").ToList() is { Count: > 0 } failed)
                yield return $"{failed.Count} of {comparison.Seeds} runs of {comparison.Labels[index]} failed: {failed[0].Reason}.";
        }
    }

    private static string Busy(List<(string Label, SimulationEstimates Of)> all, string[] losses)
    {
        var order = all.OrderByDescending(one => one.Of.Utilization.Mean).ToList();
        var busy = order.Select(one => Percent(one.Of.Utilization.Mean ?? 0)).ToList();
        var kept = busy.Distinct().Count() == 1
            ? $"{Words(order.Select(one => one.Label))} kept the slots equally busy, {busy[0]}"
            : $"{order[0].Label} kept the slots {busy[0]} busy, {string.Join(", ", order.Skip(1).Zip(busy.Skip(1), (one, share) => $"{one.Label} {share}"))}";
        return losses.Length > 0 ? $"{kept}: {string.Join("; ", losses)}." : $"{kept}.";
    }

    /// <summary>What a scheduler lost most of its slot-time to.</summary>
    private static string? Loss(string label, SimulationEstimates of)
    {
        var causes = Enum.GetValues<IdleCause>().Select(cause => (Cause: cause, Share: of.IdleShares[cause.Name()].Mean ?? 0)).Where(idle => idle.Share >= Notable).OrderByDescending(idle => idle.Share).Take(2).ToList();
        return causes.Count == 0 ? null : $"{label} lost {Words(causes.Select(idle => $"{Percent(idle.Share)} to {CauseWords.Lost(idle.Cause)}"))}";
    }

    private static string Trained(List<(string Label, SimulationEstimates Of)> all, Comparison comparison)
    {
        var spec = comparison.Spec;
        var counts = all.Select(one => $"{one.Label} {Number(one.Of.FullyTrained.Mean ?? 0)} in {ShortTime.Of(one.Of.EndTime.Mean ?? 0)}" + First(one.Of, comparison.Seeds));
        return $"{(comparison.IsAlike ? $"Trained up to {Output.Number(spec.Resource.Max)} {spec.Resource.Name}" : "Fully trained, each to its own top rung")}: {string.Join("; ", counts)}.";
    }

    private static string First(SimulationEstimates of, int seeds) => of.FirstFullyTrained is not { Mean: { } first, Count: var count } ? ""
        : $", the first after {ShortTime.Of(first)}" + (count < seeds ? $" (in {count} of {seeds} seeds)" : "");

    private static IEnumerable<string> Best(Comparison comparison)
    {
        var metric = comparison.Spec.Metric;
        var results = comparison.Labels.Zip(comparison.Estimates, (label, of) => of.Best.Mean is { } mean ? $"{label} {Number(mean)}" : $"{label} none");
        var ahead = comparison.Labels.Skip(1).Zip(comparison.Differences, (label, difference) => Ahead(comparison.Labels[0], label, difference.Best, metric));
        yield return $"{char.ToUpperInvariant(metric.Name[0])}{metric.Name[1..]} of the best trial in the end ({(metric.Mode == MetricMode.Min ? "lower" : "higher")} is better{(comparison.IsAlike ? "" : "; of trials that were not trained as far")}): {string.Join(", ", results)}{string.Concat(ahead)}.";
    }

    private static string Ahead(string first, string other, Estimate difference, MetricSpec metric)
    {
        if (difference.Count < 2)
            return "";
        var isBetter = metric.Turned(difference.Mean!.Value) < 0;
        return difference.IsClear ? $"; {(isBetter ? other : first)}'s is better, by {Number(Math.Abs(difference.Mean.Value))} ± {Number((difference.High!.Value - difference.Low!.Value) / 2)}" : $"; between {first} and {other} no clear difference";
    }

    private static string Words(IEnumerable<string> parts) => parts.ToList() is { Count: > 1 } several ? $"{string.Join(", ", several.SkipLast(1))} and {several[^1]}" : string.Concat(parts);

    /// <summary>Whole percents, but never 0 or 100 of what is not.</summary>
    public static string Percent(double share) => share switch
    {
        0 => "0 %",
        1 => "100 %",
        < .005 => "< 1 %",
        > .995 => "> 99 %",
        _ => $"{Math.Round(100 * share, MidpointRounding.AwayFromZero)} %",
    };

    private static string Number(double value) => value.ToString(Math.Abs(value) >= 1000 ? "#,0" : "G3", CultureInfo.InvariantCulture);
}
