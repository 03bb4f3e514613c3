using Asha.Core.Experiments;
using Asha.Core.Spaces;
using Asha.Core.Worlds;

namespace Asha.Host.Scenarios;

/// <summary>How long the jobs of a world may be at most and at least, in seconds, stragglers apart.</summary>
/// <param name="world">Its cost parameters are in the space, and right.</param>
/// <param name="resource">What trials are given more of.</param>
/// <param name="space">What the cost of a unit may follow from.</param>
internal sealed class JobLengths(WorldReading world, ResourceSpec resource, SearchSpace space)
{
    /// <summary>From 0 to the resource's maximum, at the slowest pace of any node; start-up and checkpoint, which are short, apart.</summary>
    public double Longest => resource.Max * PerUnit().Most * SlowestPace;

    /// <summary>The same of the table's trial that takes longest.</summary>
    public (int Trial, double Seconds) LongestOfTable => world.Table!.Longest(resource.Max) is var (trial, seconds) ? (trial, (double)seconds * SlowestPace) : default;

    /// <summary>A trial's first job where it is shortest, all that is added and the way of its report included.</summary>
    public TimeSpan ShortestFirst
    {
        get
        {
            var seconds = resource.Min * PerUnit().Least * (double)world.Nodes.Min(node => node.FastestPace);
            var added = WorldRules.Of(AttemptDraw.None, (decimal)Math.Min(seconds, WorldReading.LongestJob), 1, world.Rules.Fixed(new JobStarted(default, 0, 0, 0, 1, 0, 0, resource.Min)));
            return added.Length + world.DecisionLatency;
        }
    }

    private double SlowestPace => (double)world.Nodes.Max(node => node.SlowestPace);

    private (double Least, double Most) PerUnit()
    {
        var (least, most) = (world.Rules.PerUnit.Base, world.Rules.PerUnit.Base);
        foreach (var (name, power) in world.Rules.PerUnit.Powers)
        {
            var parameter = space.Parameters.First(own => own.Name == name);
            if (Bounds(parameter.Domain) is not var (from, to))
                continue;
            // Where it is not active, a trial's cost is as it is.
            double[] factors = [Math.Pow(from, power), Math.Pow(to, power), .. parameter.When.Count > 0 ? [1.0] : Array.Empty<double>()];
            (least, most) = (least * factors.Min(), most * factors.Max());
        }
        return (least, most);
    }

    /// <summary>The least and the greatest value; <c>null</c>: not all are numbers.</summary>
    public static (double Least, double Greatest)? Bounds(Domain domain) => domain switch
    {
        Continuum real => (real.Min, real.Max),
        WholeNumbers whole => (whole.Min, whole.Max),
        ListDomain list when list.Values.All(value => value.IsNumeric) => (list.Values.Min(value => value.AsNumber()), list.Values.Max(value => value.AsNumber())),
        _ => null,
    };
}
