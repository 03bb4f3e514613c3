namespace Asha.Core.Scheduling;

/// <summary>How an experiment stands to the others. All of it may change while the experiment runs.</summary>
/// <param name="Weight">≥ 1. Within a priority slots are shared in proportion to it.</param>
/// <param name="Priority">Higher ones are served first, and get slots that lower ones hold, down to one slot each. Any integer; usually 0.</param>
/// <param name="MaxConcurrent">The most slots at a time, ≥ 1; <c>null</c>: as many as there are.</param>
public sealed record ShareTerms(int Weight = 1, int Priority = 0, int? MaxConcurrent = null)
{
    public int Weight { get; } = Weight >= 1 ? Weight : throw new ArgumentOutOfRangeException(nameof(Weight), Weight, "A weight is at least 1.");

    public int? MaxConcurrent { get; } = MaxConcurrent is null or >= 1
        ? MaxConcurrent : throw new ArgumentOutOfRangeException(nameof(MaxConcurrent), MaxConcurrent, "An experiment that runs may have at least 1 slot.");
}
