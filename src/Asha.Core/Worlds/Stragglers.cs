using MathNet.Numerics.Distributions;

namespace Asha.Core.Worlds;

/// <summary>How many times as long an attempt takes.</summary>
public enum StragglerType
{
    /// <summary>1 + |z|, z ~ N(0, σ): ≥ 1, with mean 1 + σ·√(2/π). Li et al. simulate so (arXiv 1810.05934).</summary>
    HalfNormal,
    /// <summary>exp(z), z ~ N(0, σ): &gt; 0, with median 1 and mean exp(σ²/2).</summary>
    LogNormal,
}

/// <summary>The distribution of an attempt's straggler factor.</summary>
/// <param name="Sigma">σ &gt; 0; 0: no attempt is slower than another.</param>
public readonly record struct Stragglers(StragglerType Type, double Sigma)
{
    /// <summary>The factor, by inversion.</summary>
    /// <param name="unit">Uniform in (0, 1).</param>
    public double Factor(double unit) => Sigma <= 0 ? 1 : Type switch
    {
        StragglerType.LogNormal => Math.Exp(Normal.InvCDF(0, Sigma, unit)),
        _ => 1 + Math.Abs(Normal.InvCDF(0, Sigma, unit)),
    };
}
