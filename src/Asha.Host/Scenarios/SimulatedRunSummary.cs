using System.Text.Json.Serialization;
using Asha.Host.Runs;

namespace Asha.Host.Scenarios;

/// <summary>A promotion: out of which rung, and when it was decided, in seconds.</summary>
internal sealed record PromotionSummary(int Trial, int Rung, double Time);

/// <summary>The best trial of a simulated run.</summary>
internal sealed record SimulatedBest(int Trial, double Metric);

/// <summary>One simulated run, as <c>simulate --json</c> and <c>compare --json</c> print it; times in seconds (docs/scenarios.md).</summary>
internal sealed record SimulatedRunSummary(
    string Scheduler, long Seed, double EndTime, double Busy, IReadOnlyDictionary<string, double> Idle, double Utilization, int Slots, IReadOnlyList<RungSummary> Rungs,
    int FullyTrained, double? FirstFullyTrained, SimulatedBest? Best, IReadOnlyList<PromotionSummary> Promotions)
{
    /// <summary>What the scheduler is called where several are compared.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Label { get; init; }

    /// <summary>How the run ended: <c>completed</c>, <c>stopped</c> or <c>failed</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>Why it stopped or failed.</summary>
    public required string Reason { get; init; }

    /// <summary>Trials sampled.</summary>
    public required int Trials { get; init; }

    /// <summary>Resource trained, over all attempts.</summary>
    public required double ResourceSpent { get; init; }

    /// <summary>When the first result of any rung was at least as good as the target; <c>null</c>: none was, or there is no target.</summary>
    public required double? TimeToTarget { get; init; }

    /// <summary>Promotions of trials that are not among the best ⌊n/η⌋ of their rung's n results in the end.</summary>
    public required int Mispromotions { get; init; }

    /// <summary>The share of the slot-time present, 0 … 1, that was idle by a cause.</summary>
    public double IdleShare(string cause) => Busy + Idle.Values.Sum() is > 0 and var present ? Idle[cause] / present : 0;
}
