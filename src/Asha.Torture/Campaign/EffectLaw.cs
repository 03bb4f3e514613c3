using Asha.Torture.Faults;
using Asha.Torture.World;

namespace Asha.Torture.Campaign;

/// <summary>A kind of fault that many seeds do to the engine, and that never shows in what it does, tests nothing. Judged of whole seeds alone: what is left of one that was made small need not have room for each kind.</summary>
public static class EffectLaw
{
    /// <summary>Fewer seeds need not have each kind.</summary>
    public const long LeastSeeds = 1000;

    /// <summary>Kinds that should have taken effect, and never did.</summary>
    /// <param name="model">A case like all that were run.</param>
    public static IReadOnlyList<Fault> Broken(TortureCase model, CampaignTotals totals) => WhyNotJudged(model, totals) is null ? [.. totals.WithoutEffect.Except(model.Without)] : [];

    /// <summary>Why it says nothing of these cases; <c>null</c>: it was judged.</summary>
    public static string? WhyNotJudged(TortureCase model, CampaignTotals totals)
    {
        if (!model.IsWhole)
            return "whether each kind of fault takes effect is judged of whole seeds alone, without --experiment, --nodes, --trials and --fire";
        return totals.Seeds < LeastSeeds ? FormattableString.Invariant($"whether each kind of fault takes effect is judged from {LeastSeeds:#,0} seeds on") : null;
    }
}
