using Asha.Core.Randomness;
using MathNet.Numerics.Distributions;

namespace Asha.Core.Worlds;

/// <summary>
/// Made-up learning curves that fall by a power law: loss(r) = a + b·r^(−c) + e. Of each trial a is uniform in [0, 1), b in [0.5, 1.5), c in [0.3, 0.8), and of each trial and rung e ~ N(0, noise). All draws are keyed by (seed, stream, trial) or
/// (seed, stream, trial, rung).
/// </summary>
/// <remarks>That loss falls so is a common fit of learning curves: Domhan, Springenberg, Hutter, Speeding up automatic hyperparameter optimization of deep neural networks by extrapolation of learning curves, IJCAI 2015 (there pow3). The ranges are ours.</remarks>
/// <param name="Noise">Standard deviation of e; ≥ 0.</param>
public sealed record PowerLawCurves(double Noise)
{
    /// <summary>The loss at a resource &gt; 0; smaller is better.</summary>
    public double Metric(long seed, int trial, int rung, double resource)
    {
        var own = KeyedRandom.Of(seed).Stream("curve").Stream(trial);
        var loss = own.Stream("asymptote").Unit() + (.5 + own.Stream("scale").Unit()) * Math.Pow(resource, -.3 - .5 * own.Stream("exponent").Unit());
        return Noise > 0 ? loss + Normal.InvCDF(0, Noise, KeyedRandom.Of(seed).Stream("noise").Stream(trial).Stream(rung).InnerUnit()) : loss;
    }
}
