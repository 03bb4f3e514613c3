using Asha.Core.Spaces;

namespace Asha.Core.Worlds;

/// <summary>
/// How long a unit of resource takes a trial on a node of speed 1: base · ∏ parameter^power, in seconds. A network of so many layers of such a width costs about layers · width². A parameter that is not active in a trial leaves its cost as it is.
/// </summary>
/// <param name="Base">≥ 0.</param>
/// <param name="Powers">Names of numeric parameters, all of whose values are above 0, and their powers.</param>
public sealed record UnitCost(double Base, IReadOnlyList<(string Parameter, double Power)> Powers)
{
    /// <summary>Every trial costs the same.</summary>
    public UnitCost(double seconds) : this(seconds, []) { }

    public double Seconds(Configuration parameters)
    {
        var seconds = Base;
        foreach (var (name, power) in Powers)
        {
            if (parameters.TryGet(name, out var value))
                seconds *= Math.Pow(value.AsNumber(), power);
        }
        return seconds;
    }
}
