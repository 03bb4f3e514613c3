namespace Asha.Tuning;

/// <summary>What a trial is given more of, the better it is: epochs, steps, samples, trees.</summary>
/// <param name="Name">Its unit, for people: one line, at most 64 characters.</param>
/// <param name="Max">What a trial gets that is never stopped; 1e-9 … 1e15.</param>
public sealed record Resource(string Name, double Max)
{
    /// <summary>What every trial gets; 1e-9 … <see cref="Max"/>. Left out: <see cref="Max"/> / 256, for a whole resource rounded, and at least 1.</summary>
    public double? Min { get; init; }

    /// <summary>Whether the levels at which trials are compared are rounded to whole numbers. Left out: where <see cref="Min"/> and <see cref="Max"/> are whole.</summary>
    public bool? IsIntegral { get; init; }
}
