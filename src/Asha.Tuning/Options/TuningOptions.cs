using Microsoft.Extensions.Logging;

namespace Asha.Tuning;

/// <summary>What is tuned, how, and when to stop. Everything has the default of an experiment file.</summary>
public sealed record TuningOptions
{
    /// <summary>Names the run: letters, digits, <c>-</c>, <c>_</c>, <c>.</c>; at most 64, not beginning with a dot.</summary>
    public required string Name { get; init; }

    /// <summary>The parameters.</summary>
    public required SearchSpace Space { get; init; }

    /// <summary>What is reported, and whether less or more of it is better.</summary>
    public required Metric Metric { get; init; }

    /// <summary>What a trial is given more of, the better it is.</summary>
    public required Resource Resource { get; init; }

    /// <summary>Who gets more resource. Left out: ASHA with a reduction factor of 4 and no limit of trials, which then needs <see cref="Stop"/>.</summary>
    public Scheduler Scheduler { get; init; } = Scheduler.Asha();

    /// <summary>When the run stops although there is work left; nothing, if left out.</summary>
    public StopRules Stop { get; init; } = new();

    /// <summary>Where all randomness comes from, 0 or more: the same seed gives the same configurations and the same <see cref="Trial.Seed"/>. 0, so that runs repeat.</summary>
    public long Seed { get; init; }

    /// <summary>Trials that run at a time, 1 … 100 000. Left out: one per core.</summary>
    public int? Slots { get; init; }

    /// <summary>Tries of a job before its trial has failed for good, whatever it failed by, 1 … 1000.</summary>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>Tries of a job by kind of fault, where they are to be fewer; left out: <see cref="MaxAttempts"/> alone counts.</summary>
    public FaultAttempts? MaxAttemptsByFault { get; init; }

    /// <summary>How long a failed job waits before it is tried again; its slot gets other work meanwhile. 1 s, then 2 s, 4 s … up to a minute, each ± 10 %.</summary>
    public BackOff RetryBackOff { get; init; } = new();

    /// <summary>An attempt may last so long; then its cancellation is asked for. Left out: for ever.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>An attempt may report and log nothing for so long; then its cancellation is asked for. Left out: for ever.</summary>
    public TimeSpan? SilenceLimit { get; init; }

    /// <summary>
    /// What the checkpoints of trials that do not run may take on the disk, in bytes, 0 or more: the best are kept, the best trial's whatever it takes; a trial that is promoted and has lost its own starts again from nothing. Left out:
    /// 10 GB where the number of trials has no limit, and otherwise, as with <see cref="long.MaxValue"/>, all that may still be promoted.
    /// </summary>
    public long? CheckpointBudget { get; init; }

    /// <summary>
    /// So long a trial may go on after its cancellation was asked for, 0 … 1 h. One that takes longer is left to itself, and its slot is never used again. 5 s.
    /// </summary>
    public TimeSpan CancellationGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Configurations to try first, in this order; they count as trials. Each gives every parameter that is active in it, and no other.</summary>
    public IReadOnlyList<ParameterValues> Initial { get; init; } = [];

    /// <summary>The folder that holds the runs; the run gets one of its own below it.</summary>
    public string RunsFolder { get; init; } = "runs";

    /// <summary>
    /// Goes on with the newest run of this name and of these options in <see cref="RunsFolder"/>, if there is one that is not over: its program was killed, or it was interrupted or paused. Otherwise another one begins.
    /// </summary>
    public bool Resume { get; init; }

    /// <summary>Where warnings of the engine go, besides <c>asha.log</c> in the run's folder.</summary>
    public ILoggerFactory? Loggers { get; init; }

    /// <summary>
    /// Told of what happens, once it is on record, one at a time. It must return soon: the record waits for it. One that throws is told no more, and <c>asha.log</c> says so.
    /// </summary>
    public IProgress<TuningProgress>? Progress { get; init; }
}
