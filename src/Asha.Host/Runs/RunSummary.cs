using System.Text.Json;
using System.Text.Json.Serialization;
using Asha.Core.Experiments;
using Asha.Core.Utilization;
using Asha.Tuning;

namespace Asha.Host.Runs;

/// <summary>The best trial: its metric at the resource of the highest rung in which it has a finite result, and the seed that it was told.</summary>
internal sealed record BestTrial(int Trial, double Metric, double Resource, IReadOnlyDictionary<string, object> Parameters, long Seed)
{
    /// <summary>Full path of the checkpoint that its result can be repeated from; left out where there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Checkpoint { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, SummaryJson.Default.BestTrial);
}

/// <summary>A report that counted; <c>time</c> in seconds since the start.</summary>
internal sealed record PointSummary(double Resource, double? Metric, double Time);

/// <summary>One of the ten best.</summary>
internal sealed record RankedTrial(int Trial, int Rung, double Resource, double Metric, IReadOnlyDictionary<string, object> Parameters);

/// <summary>A rung's counts; <c>started</c> counts trials, <c>completed</c> results, <c>promoted</c> those that left upwards.</summary>
internal sealed record RungSummary(int Bracket, double Level, int Started, int Completed, int Promoted);

/// <summary>A trial as <c>trials --json</c> prints it; its results by rung, from rung 0. It is ranked by its result in <paramref name="RankedRung"/>; <c>null</c> where none is finite.</summary>
internal sealed record TrialSummary(
    int Trial, string State, int Bracket, int Rung, int Attempts, int RejectedReports, long Seed, IReadOnlyList<ResultSummary> Results, IReadOnlyDictionary<string, object> Parameters,
    string? LastFailure, int? RankedRung)
{
    public static TrialSummary Of(ExperimentState state, TrialState trial) => new(
        trial.Trial, trial.Phase.ToString().ToLowerInvariant(), trial.Bracket, trial.Rung, trial.Attempt, trial.RejectedReports, state.Spec.SeedOf(trial.Trial),
        [.. trial.Results.Select(result => new ResultSummary(result.Resource, double.IsFinite(result.Metric) ? result.Metric : null))], RunSummary.Plain(trial),
        trial.LastFailure, trial.LastFinite >= 0 ? trial.LastFinite : null);
}

/// <summary>A node that the run leaves alone until a time of its own, in seconds, after so many failures in a row.</summary>
internal sealed record UnfitSummary(string Node, int Failures, double Until, string Reason, bool Quarantined);

/// <summary>A result of a rung; <c>null</c> where it is not finite.</summary>
internal sealed record ResultSummary(double Resource, double? Metric);

/// <summary>What a run says of itself, as <c>--json</c> prints it. Times in seconds.</summary>
internal sealed record RunSummary
{
    public required string Run { get; init; }

    public required string Scheduler { get; init; }

    public required long Seed { get; init; }

    public required BestTrial? Best { get; init; }

    public required IReadOnlyList<RungSummary> Rungs { get; init; }

    public required int Trials { get; init; }

    /// <summary>Trials going to a rung, each counted once.</summary>
    public required int Jobs { get; init; }

    /// <summary>Starts of processes: a job that failed is tried again.</summary>
    public required int Attempts { get; init; }

    public required double EndTime { get; init; }

    public required double Busy { get; init; }

    /// <summary>Slot-seconds by cause.</summary>
    public required IReadOnlyDictionary<string, double> Idle { get; init; }

    public required double Utilization { get; init; }

    public required int Slots { get; init; }

    /// <summary>Failed attempts by cause.</summary>
    public required IReadOnlyDictionary<string, int> Failures { get; init; }

    public required int RejectedReports { get; init; }

    /// <summary>Messages of nodes that changed nothing, by why.</summary>
    public required IReadOnlyDictionary<string, int> IgnoredReports { get; init; }

    /// <summary>Slots given up, each with a trial that could not be ended.</summary>
    public required int RetiredSlots { get; init; }

    /// <summary>Checkpoints that were missing or corrupt when a trial was to go on from them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int UnusableCheckpoints { get; init; }

    /// <summary>Checkpoints that went to keep within the disk budget.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int DroppedCheckpoints { get; init; }

    /// <summary>Jobs that started again from nothing since their trial's checkpoint had gone for that.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int RestartsByBudget { get; init; }

    /// <summary>How often another coordinator of a cluster took the run over while its nodes ran on.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Takeovers { get; init; }

    /// <summary>Attempts that were lost by no fault of their trials, by cause.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, int>? LostAttempts { get; init; }

    /// <summary>Of those that were lost with their nodes, how many came back and counted on.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int RegainedAttempts { get; init; }

    /// <summary>Nodes that could not run its trials when they were last given one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<UnfitSummary>? UnfitNodes { get; init; }

    /// <summary><c>completed</c>, <c>stopped</c>, <c>interrupted</c>, <c>failed</c>; <c>null</c> while it runs, or where it broke off.</summary>
    public required string? Outcome { get; init; }

    public required string? Reason { get; init; }

    /// <summary>What the best trial reported, by rising resource; empty where the record keeps no curves.</summary>
    public required IReadOnlyList<PointSummary> Curve { get; init; }

    /// <summary>By rung, the metric of the last of the best ⌊m/η⌋ now; <c>null</c> where there is none, and in the top rung.</summary>
    public required IReadOnlyList<double?> CutOffs { get; init; }

    /// <summary>The ten best, by the highest rung with a finite result, there by metric.</summary>
    public required IReadOnlyList<RankedTrial> Top { get; init; }

    public static RunSummary Of(RunRecord record)
    {
        var state = record.State;
        return new RunSummary
        {
            Run = state.Origin.Run,
            Scheduler = state.Spec.Scheduler.Type.ToString().ToLowerInvariant(),
            Seed = state.Spec.Seed,
            Best = state.Best is { } best ? BestOf(state, best) : null,
            Rungs = [.. state.Brackets.SelectMany(bracket => bracket.Rungs).Select(rung => new RungSummary(rung.Bracket, rung.Level, rung.Started, rung.Completed, rung.Promoted))],
            Trials = state.Trials.Count,
            Jobs = state.Jobs,
            Attempts = state.Attempts,
            EndTime = state.Time.TotalSeconds,
            Busy = record.Utilization.Busy.TotalSeconds,
            Idle = Enum.GetValues<IdleCause>().ToDictionary(cause => cause.Name(), cause => record.Utilization.Idle(cause).TotalSeconds),
            Utilization = record.Utilization.Utilization,
            Slots = record.Utilization.MostSlots,
            Failures = state.Failures,
            RejectedReports = state.RejectedReports,
            IgnoredReports = Ignored(state.IgnoredReports),
            RetiredSlots = state.RetiredSlots.Count,
            UnusableCheckpoints = state.CheckpointLosses.Count,
            DroppedCheckpoints = state.DroppedCheckpoints,
            RestartsByBudget = state.RestartsByBudget,
            Takeovers = state.Takeovers,
            LostAttempts = state.Losses.Count > 0 ? state.Losses : null,
            RegainedAttempts = state.Regained,
            UnfitNodes = state.Nodes.Unfit.IsEmpty ? null : [.. state.Nodes.Unfit.Values.Select(unfit => new UnfitSummary(unfit.Node, unfit.Failures, unfit.Until.TotalSeconds, unfit.Detail, unfit.IsQuarantined))],
            Outcome = state.Ended?.Outcome,
            Reason = state.Ended?.Reason,
            Curve = [.. CurveOfBest(record).Select(point => new PointSummary(point.Resource, double.IsFinite(point.Metric) ? point.Metric : null, point.Time.TotalSeconds))],
            CutOffs = [.. state.Rungs.Select(rung => record.Standings?.CutOff(state, rung.Rung))],
            Top = [.. TrialRanking.Of(state).Take(10).Select(entry => new RankedTrial(
                entry.Trial.Trial, entry.Rung, entry.Trial.Results[entry.Rung].Resource, entry.Trial.Results[entry.Rung].Metric, Plain(entry.Trial)))],
        };
    }

    public string ToJson() => JsonSerializer.Serialize(this, SummaryJson.Default.RunSummary);

    private static IReadOnlyList<CurvePoint> CurveOfBest(RunRecord record) => record.State.Best is { } best && record.Curves is { } curves ? curves.Of(best.Trial) : [];

    private static BestTrial BestOf(ExperimentState state, TrialState best)
    {
        var (resource, metric) = best.Results[state.BestRung];
        return new BestTrial(best.Trial, metric, resource, Plain(best), state.Spec.SeedOf(best.Trial));
    }

    internal static Dictionary<string, int> Ignored(IgnoredReports ignored)
        => new() { ["duplicate"] = ignored.Duplicate, ["late"] = ignored.Late, ["stale"] = ignored.Stale, ["unknown"] = ignored.Unknown };

    internal static Dictionary<string, object> Plain(TrialState trial) => trial.Parameters.Values.ToDictionary(pair => pair.Key, pair => Recorded.Plain(pair.Value));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RunSummary))]
[JsonSerializable(typeof(BestTrial))]
[JsonSerializable(typeof(TrialSummary[]))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(string))]
internal sealed partial class SummaryJson : JsonSerializerContext;
