using Asha.Core.Randomness;

namespace Asha.Core.Worlds;

/// <summary>
/// Made-up learning curves that cross, so that early leaders end worse: loss(r) = a + (1 − a)·(x/r)^c + e. Of each trial a is uniform in [0, 1), c in [0.3, 0.8), and x, where its loss is 1, log-uniform in [at/2, 2·at); e as in
/// <see cref="PowerLawCurves"/>. Well below <paramref name="At"/> whoever will end lower is the higher, about there ranks are nearly chance, and well above they are the final ones.
/// </summary>
/// <remarks>
/// Each is a power law as in <see cref="PowerLawCurves"/>; that the scale falls with the asymptote is ours. The idea, settings that are slow at first and better in the end, is that of learning rates judged on short horizons: Wu, Ren, Liao, Grosse,
/// Understanding short-horizon bias in stochastic meta-optimization, ICLR 2018.
/// </remarks>
/// <param name="At">The resource about which they cross; &gt; 0.</param>
/// <param name="Noise">Standard deviation of e; ≥ 0.</param>
public sealed record CrossingCurves(double At, double Noise) : MadeUpCurves(Noise)
{
    protected override double Loss(KeyedRandom own, double resource)
    {
        var asymptote = Asymptote(own);
        var level = At * Math.Pow(2, 2 * own.Stream("crossing").Unit() - 1);
        return asymptote + (1 - asymptote) * Math.Pow(level / resource, Exponent(own));
    }
}
