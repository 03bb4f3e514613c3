using Asha.Core.Randomness;
using MathNet.Numerics.Distributions;

namespace Asha.Core.Worlds;

/// <summary>Learning curves by a formula, whose parameters are drawn for each trial, with noise. Smaller is better.</summary>
/// <param name="Noise">Standard deviation of the normal noise that is drawn for each trial and rung; ≥ 0.</param>
public abstract record MadeUpCurves(double Noise)
{
    /// <summary>The loss at a resource &gt; 0.</summary>
    public double Metric(long seed, int trial, int rung, double resource)
    {
        var loss = Loss(KeyedRandom.Of(seed).Stream("curve").Stream(trial), resource);
        return Noise > 0 ? loss + Normal.InvCDF(0, Noise, KeyedRandom.Of(seed).Stream("noise").Stream(trial).Stream(rung).InnerUnit()) : loss;
    }

    /// <param name="own">The trial's own stream.</param>
    /// <param name="resource">&gt; 0.</param>
    protected abstract double Loss(KeyedRandom own, double resource);

    /// <summary>What the loss comes down to in the end: uniform in [0, 1).</summary>
    protected static double Asymptote(KeyedRandom own) => own.Stream("asymptote").Unit();

    /// <summary>How fast: uniform in [0.3, 0.8).</summary>
    protected static double Exponent(KeyedRandom own) => .3 + .5 * own.Stream("exponent").Unit();
}
