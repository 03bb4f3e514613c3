using Asha.Core.Scheduling;
using BenchmarkDotNet.Attributes;

namespace Asha.Benchmarks;

/// <summary>A rung filled from empty to <see cref="Results"/>; the figures are for one decision.</summary>
[MemoryDiagnoser]
public class RungBenchmark
{
    private double[] _metrics = [];

    [Params(1_000, 10_000, 100_000, 1_000_000)]
    public int Results { get; set; }

    [GlobalSetup]
    public void Prepare() => _metrics = RungWork.Metrics(Results);

    [Benchmark]
    public (int Promoted, long Checksum) Decide()
        => RungWork.Decide(new Rung(RungRule.Asynchronous, RungWork.ReductionFactor), _metrics, 0, Results, []);
}
