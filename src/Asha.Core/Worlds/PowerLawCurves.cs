using Asha.Core.Randomness;

namespace Asha.Core.Worlds;

/// <summary>
/// Made-up learning curves that fall by a power law: loss(r) = a + b·r^(−c) + e. Of each trial a is uniform in [0, 1), b in [0.5, 1.5), c in [0.3, 0.8), and of each trial and rung e ~ N(0, noise). All draws are keyed by (seed, stream, trial) or
/// (seed, stream, trial, rung).
/// </summary>
/// <remarks>That loss falls so is a common fit of learning curves: Domhan, Springenberg, Hutter, Speeding up automatic hyperparameter optimization of deep neural networks by extrapolation of learning curves, IJCAI 2015 (there pow3). The ranges are ours.</remarks>
public sealed record PowerLawCurves(double Noise) : MadeUpCurves(Noise)
{
    protected override double Loss(KeyedRandom own, double resource) => Asymptote(own) + (.5 + own.Stream("scale").Unit()) * Math.Pow(resource, -Exponent(own));
}
