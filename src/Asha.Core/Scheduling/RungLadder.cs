using Asha.Core.Experiments;

namespace Asha.Core.Scheduling;

/// <summary>The levels of a bracket's rungs: r·η^(s+k), the last one R exactly.</summary>
public static class RungLadder
{
    /// <summary>⌊log_η(R/r)⌋, by multiplying, so that 243 = 3^5 gives 5 and not 4.</summary>
    public static int Halvings(ResourceSpec resource, int reductionFactor)
    {
        // Files are read by stricter rules; from a journal that somebody changed anything may come, and this must come to an end.
        ArgumentOutOfRangeException.ThrowIfLessThan(reductionFactor, 2);
        if ((decimal)resource.Min <= 0 || !(resource.Min <= resource.Max))
            throw new ArgumentOutOfRangeException(nameof(resource), "The smallest resource must be above 0, as a decimal number too, and no larger than the largest.");
        var halvings = 0;
        // Exact for whole numbers. A fraction such as R/256 may be off in its fifteenth digit, which must not cost a rung.
        var top = (decimal)resource.Max * (1 + 1e-12m);
        for (var level = (decimal)resource.Min * reductionFactor; level <= top; level *= reductionFactor)
            halvings++;
        return halvings;
    }

    /// <summary>The levels of bracket <paramref name="bracket"/>, lowest first, at least one.</summary>
    public static IReadOnlyList<double> Levels(ResourceSpec resource, int reductionFactor, int bracket = 0)
    {
        var halvings = Halvings(resource, reductionFactor);
        var levels = new List<double>();
        var level = (decimal)resource.Min;
        for (var power = 0; power < halvings; power++, level *= reductionFactor)
        {
            if (power >= bracket)
                levels.Add((double)(resource.Integral ? Math.Round(level, MidpointRounding.AwayFromZero) : level));
        }
        levels.Add(resource.Max);
        return levels;
    }
}
