using Asha.Core.Experiments;
using Asha.Core.Utilization;
using Asha.Host.Runs;

namespace Asha.Host.Scenarios;

/// <summary>Folds a simulated run.</summary>
/// <param name="target">A metric whose time is asked for, as reported.</param>
internal sealed class SimulatedRecord(double? target)
{
    private readonly List<PromotionSummary> _promotions = [];
    private readonly Mispromotions _mispromotions = new();

    public RunRecord Record { get; init; } = new() { Standings = new() };

    /// <summary>Trials that were trained up to the top rung, which is at the resource's maximum in every bracket; one that failed there for good was not.</summary>
    public int FullyTrained { get; private set; }

    /// <summary>When the first was, in seconds; <c>null</c>: none was.</summary>
    public double? FirstFullyTrained { get; private set; }

    /// <summary>When a result of any rung was first at least as good as the target, in seconds; <c>null</c>: none was.</summary>
    public double? TimeToTarget { get; private set; }

    /// <summary>Promotions that hindsight would not have made.</summary>
    public int Mispromotions => _mispromotions.Count(Record.State.Spec.Scheduler.ReductionFactor);

    /// <summary>The figures of a run of the scenario with this seed.</summary>
    public static SimulatedRunSummary Run(Scenario scenario, long seed, double? target, string? label = null)
    {
        var record = new SimulatedRecord(target);
        scenario.WithSeed(seed).Run(record.Apply).Run();
        return record.Summary(label);
    }

    public void Apply(ExperimentEvent happened)
    {
        Record.Apply(happened);
        _mispromotions.Advance(Record.State, happened);
        if (happened is TrialPromoted up)
            _promotions.Add(new PromotionSummary(up.Trial, up.Rung, up.Time.TotalSeconds));
        if (happened is not JobCompleted done)
            return;
        if (done.Resource >= Record.State.Spec.Resource.Max)
        {
            FullyTrained++;
            FirstFullyTrained ??= done.Time.TotalSeconds;
        }
        if (TimeToTarget is null && target is { } wanted && Record.State.BestMetric <= Record.State.Spec.Metric.Turned(wanted))
            TimeToTarget = done.Time.TotalSeconds;
    }

    public SimulatedRunSummary Summary(string? label = null)
    {
        var state = Record.State;
        var used = Record.Utilization;
        return new SimulatedRunSummary(
            state.Spec.Scheduler.Type.ToString().ToLowerInvariant(), state.Spec.Seed, state.Time.TotalSeconds, used.Busy.TotalSeconds,
            Enum.GetValues<IdleCause>().ToDictionary(cause => cause.Name(), cause => used.Idle(cause).TotalSeconds), used.Utilization, used.MostSlots,
            [.. state.Brackets.SelectMany(bracket => bracket.Rungs).Select(rung => new RungSummary(rung.Bracket, rung.Level, rung.Started, rung.Completed, rung.Promoted))],
            FullyTrained, FirstFullyTrained, state.Best is { } best ? new SimulatedBest(best.Trial, best.Results[state.BestRung].Metric) : null, _promotions)
        {
            Label = label,
            Outcome = state.Ended!.Outcome,
            Reason = state.Ended.Reason,
            Trials = state.Trials.Count,
            ResourceSpent = state.ResourceSpent,
            TimeToTarget = TimeToTarget,
            Mispromotions = Mispromotions,
        };
    }
}
