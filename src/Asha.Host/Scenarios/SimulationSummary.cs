using System.Text.Json;
using System.Text.Json.Serialization;
using Asha.Core.Experiments;
using Asha.Core.Utilization;
using Asha.Host.Runs;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace Asha.Host.Scenarios;

/// <summary>A promotion: out of which rung, and when it was decided, in seconds.</summary>
internal sealed record PromotionSummary(int Trial, int Rung, double Time);

/// <summary>The best trial of a simulated run.</summary>
internal sealed record SimulatedBest(int Trial, double Metric);

/// <summary>One simulated run, as <c>simulate --json</c> prints it; times in seconds (docs/semantics.md).</summary>
internal sealed record SimulatedRunSummary(
    string Scheduler, long Seed, double EndTime, double Busy, IReadOnlyDictionary<string, double> Idle, double Utilization, int Slots, IReadOnlyList<RungSummary> Rungs,
    int FullyTrained, double? FirstFullyTrained, SimulatedBest? Best, IReadOnlyList<PromotionSummary> Promotions);

/// <summary>Mean of some runs, and the 95 % confidence interval of it by Student's t; <c>null</c> bounds of fewer than two. Runs without the value are left out: <paramref name="Count"/> says how many had it.</summary>
internal sealed record Estimate(int Count, double? Mean, double? Low, double? High)
{
    public static Estimate Of(IEnumerable<double> values)
    {
        var all = values.ToArray();
        if (all.Length < 2)
            return new Estimate(all.Length, all.Length == 1 ? all[0] : null, null, null);
        var (mean, deviation) = all.MeanStandardDeviation();
        var half = StudentT.InvCDF(0, 1, all.Length - 1, .975) * deviation / Math.Sqrt(all.Length);
        return new Estimate(all.Length, mean, mean - half, mean + half);
    }
}

/// <summary>What all runs of a scenario have in common.</summary>
internal sealed record SimulationEstimates(int Runs, Estimate EndTime, Estimate Busy, Estimate Utilization, Estimate FullyTrained, Estimate FirstFullyTrained, Estimate Best);

/// <summary>All runs of a scenario.</summary>
internal sealed record SimulationSummary(IReadOnlyList<SimulatedRunSummary> Runs)
{
    public SimulationEstimates Summary { get; } = new(
        Runs.Count, Estimate.Of(Runs.Select(run => run.EndTime)), Estimate.Of(Runs.Select(run => run.Busy)), Estimate.Of(Runs.Select(run => run.Utilization)), Estimate.Of(Runs.Select(run => (double)run.FullyTrained)),
        Estimate.Of(Runs.Select(run => run.FirstFullyTrained).OfType<double>()), Estimate.Of(Runs.Select(run => run.Best?.Metric).OfType<double>()));

    public string ToJson() => JsonSerializer.Serialize(this, SimulationJson.Default.SimulationSummary);
}

/// <summary>Folds a simulated run.</summary>
internal sealed class SimulatedRecord
{
    private readonly List<PromotionSummary> _promotions = [];

    public RunRecord Record { get; } = new() { Standings = new() };

    /// <summary>Trials that were trained up to the top rung; one that failed there for good was not.</summary>
    public int FullyTrained => Record.State.Rungs[^1] is var top ? top.Completed - top.Failed : 0;

    /// <summary>When the first was, in seconds; <c>null</c>: none was.</summary>
    public double? FirstFullyTrained { get; private set; }

    public void Apply(ExperimentEvent happened)
    {
        Record.Apply(happened);
        if (happened is TrialPromoted up)
            _promotions.Add(new PromotionSummary(up.Trial, up.Rung, up.Time.TotalSeconds));
        if (happened is JobCompleted done && done.Rung == Record.State.Rungs.Count - 1)
            FirstFullyTrained ??= done.Time.TotalSeconds;
    }

    public SimulatedRunSummary Summary()
    {
        var state = Record.State;
        var used = Record.Utilization;
        return new SimulatedRunSummary(
            state.Spec.Scheduler.Type.ToString().ToLowerInvariant(), state.Spec.Seed, state.Time.TotalSeconds, used.Busy.TotalSeconds,
            Enum.GetValues<IdleCause>().ToDictionary(cause => cause.Name(), cause => used.Idle(cause).TotalSeconds), used.Utilization, used.MostSlots,
            [.. state.Brackets.SelectMany(bracket => bracket.Rungs).Select(rung => new RungSummary(rung.Bracket, rung.Level, rung.Started, rung.Completed, rung.Promoted))],
            FullyTrained, FirstFullyTrained, state.Best is { } best ? new SimulatedBest(best.Trial, best.Results[state.BestRung].Metric) : null, _promotions);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SimulationSummary))]
internal sealed partial class SimulationJson : JsonSerializerContext;
