using System.Text.Json.Serialization;
using Asha.Core.Randomness;
using Asha.Core.Spaces;

namespace Asha.Core.Experiments;

/// <summary>What an experiment is, resolved: every default filled in, every value checked. Past the door nothing is checked again.</summary>
public sealed record ExperimentSpec
{
    public required string Name { get; init; }

    /// <summary>Where all randomness comes from: the same seed gives the same configurations.</summary>
    public required long Seed { get; init; }

    public required MetricSpec Metric { get; init; }

    public required ResourceSpec Resource { get; init; }

    public required SchedulerSpec Scheduler { get; init; }

    public required SearchSpace Space { get; init; }

    /// <summary>Configurations tried first, in this order.</summary>
    public IReadOnlyList<Configuration> Initial { get; init; } = [];

    public required TrialSpec Trial { get; init; }

    /// <summary>Jobs that run at a time on this machine, ≥ 1.</summary>
    public required int Slots { get; init; }

    public StopSpec Stop { get; init; } = new();

    /// <summary>A trial's own seed, 0 … 2^63 − 1: the same in every attempt, whatever the timing.</summary>
    public long SeedOf(int trial) => KeyedRandom.Of(Seed).Stream("trial").Stream(trial).Natural();
}

/// <summary>What is optimised.</summary>
public sealed record MetricSpec(string Name, MetricMode Mode)
{
    /// <summary>The metric turned so that smaller is better; NaN stays NaN.</summary>
    public double Turned(double metric) => Mode == MetricMode.Min ? metric : -metric;
}

public enum MetricMode { Min, Max }

/// <summary>What a trial is given more of: r = <paramref name="Min"/> &gt; 0, R = <paramref name="Max"/> ≥ r. An integral resource has whole levels.</summary>
public sealed record ResourceSpec(string Name, double Min, double Max, bool Integral);

/// <summary>Who gets more resource.</summary>
/// <param name="Type">The rule of promotion.</param>
/// <param name="ReductionFactor">η ≥ 2.</param>
/// <param name="Trials">Trials to sample, ≥ 1, with SHA for each bracket; <c>null</c>: no limit (never with SHA).</param>
/// <param name="Repeat">Whether another bracket follows (SHA only).</param>
/// <param name="MostTrials">With <paramref name="Repeat"/>: trials to sample in all brackets; <c>null</c>: no limit.</param>
public sealed record SchedulerSpec(
    SchedulerType Type, int ReductionFactor, int? Trials = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] BracketRepeat Repeat = BracketRepeat.None, int? MostTrials = null)
{
    /// <summary>Trials to sample in all; <c>null</c>: no limit.</summary>
    [JsonIgnore]
    public int? Total => Repeat == BracketRepeat.None ? Trials : MostTrials;

    /// <summary>What people call it.</summary>
    [JsonIgnore]
    public string Name => (Type, Repeat) switch
    {
        (SchedulerType.Asha, _) => "ASHA",
        (SchedulerType.Stopping, _) => "stopping ASHA",
        (_, BracketRepeat.Sequential) => "repeated SHA",
        (_, BracketRepeat.Overlap) => "overlapping SHA",
        _ => "SHA",
    };
}

/// <summary>The rule of promotion. <c>Stopping</c>: for trials that cannot be resumed, each goes on, or ends, when it has its result (docs/semantics.md).</summary>
public enum SchedulerType { Sha, Asha, Stopping }

/// <summary>Whether SHA opens another bracket.</summary>
public enum BracketRepeat
{
    None,
    /// <summary>When the last one is over.</summary>
    Sequential,
    /// <summary>When a slot is idle and no open bracket has a job for it.</summary>
    Overlap,
}

/// <summary>How one trial is run, as a process.</summary>
public sealed record TrialSpec
{
    /// <summary>Run once before the first trial; empty: nothing.</summary>
    public IReadOnlyList<string> Prepare { get; init; } = [];

    /// <summary>The preparation may take so long; <c>null</c>: half an hour.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public TimeSpan? PrepareLimit { get; init; }

    /// <summary>Program and arguments, with placeholders (docs/trial-protocol.md).</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Full path of the folder in which prepare and command run.</summary>
    public required string Directory { get; init; }

    /// <summary>Variables set for prepare and command. Their values may be secrets: they are written nowhere.</summary>
    public IReadOnlyDictionary<string, string> Env { get; init; } = new Dictionary<string, string>();

    /// <summary>GPUs of one trial, ≥ 0.</summary>
    public int Gpus { get; init; }

    /// <summary>CPUs that a slot of a cluster must have for one trial, ≥ 0; 0: any will do.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Cpus { get; init; }

    /// <summary>Bytes of memory that a slot of a cluster must have for one trial, ≥ 0; 0: any will do.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Memory { get; init; }

    /// <summary>Words that a node of a cluster must go by to run trials; <c>null</c>: any will do.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>Tries of a job before it has failed for good, whatever they fail by, ≥ 1.</summary>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>Tries of a job that may fail by one kind of fault; <c>null</c>: <see cref="MaxAttempts"/> alone counts.</summary>
    public FaultLimits? MaxAttemptsByFault { get; init; }

    /// <summary>How long a failed job waits before it is tried again; <c>null</c>: not at all.</summary>
    public BackOffSpec? RetryBackOff { get; init; }

    /// <summary>A node goes into quarantine that fails all it is given, of no fewer than so many trials, ≥ 2 (<see cref="QuarantineRules"/>); <c>null</c>: none does, as in recordings from before there was such a rule.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int? Quarantine { get; init; }

    /// <summary>An attempt may last so long; <c>null</c>: for ever.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>An attempt may print nothing for so long; <c>null</c>: for ever.</summary>
    public TimeSpan? SilenceLimit { get; init; }

    /// <summary>What the kernel lets a trial have; <c>null</c>: there are no limits.</summary>
    public TrialLimits? Limits { get; init; }

    /// <summary>The checkpoints of trials that do not run may take so many bytes, ≥ 0; <c>null</c>: any number.</summary>
    public long? CheckpointBudget { get; init; }
}

/// <summary>When the experiment stops although there is work left: whichever comes first; running jobs are cut.</summary>
/// <param name="After">Time since its start.</param>
/// <param name="Trials">So many trials have a result of their first job, or failed.</param>
/// <param name="Resource">So much resource was trained, over all attempts.</param>
/// <param name="Metric">A result is at least as good.</param>
/// <param name="Hopeless">So many trials have failed for good before any had a result; <c>null</c>: never for that, and written so: left out, it would read as the default.</param>
/// <param name="HopelessIfLimited">That holds where the number of trials has a limit, too. Recordings from before there was such a rule do not have it.</param>
public sealed record StopSpec(
    TimeSpan? After = null, int? Trials = null, double? Resource = null, double? Metric = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? Hopeless = StopSpec.DefaultHopeless,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool HopelessIfLimited = false)
{
    /// <summary>A wrong command or a missing file fails every trial; ten say so plainly enough.</summary>
    public const int DefaultHopeless = 10;

    /// <summary>Whether something ends an experiment that goes well.</summary>
    [JsonIgnore]
    public bool EndsGoodRuns => After is not null || Trials is not null || Resource is not null || Metric is not null;
}
