using Asha.Core.Experiments;
using Asha.Core.Recordings;
using Asha.Core.Worlds;

namespace Asha.TestKit;

/// <summary>
/// An experiment in a made world, for a test: begin with <see cref="Sha"/>, <see cref="Asha"/> or <see cref="Stopping"/>, and say what else matters. Immutable; each method returns a changed copy, so that one scenario may be the base of several.
/// Times are seconds, trials, rungs and slots are numbered from 0. What a scenario does not say: resource 1 to 64, one node of one slot, a second for each unit of resource, the metric of a trial is its number (so trial 0 is the best), smaller is
/// better, trials resume, no failures, three attempts.
/// </summary>
public sealed record Scenario
{
    private Scenario(SchedulerSpec scheduler) => Scheduler = scheduler;

    internal SchedulerSpec Scheduler { get; private init; }

    internal ResourceSpec Levels { get; private init; } = new("resource", 1, 64, true);

    internal MetricMode Mode { get; private init; } = MetricMode.Min;

    internal long SeedNumber { get; private init; } = 1;

    internal IReadOnlyList<Node> NodeList { get; private init; } = [new Node()];

    internal WorldRules Rules { get; private init; } = new(JobCost.Resume);

    internal Func<int, double, double>? MetricOf { get; private init; }

    internal Func<JobStarted, double>? SecondsOf { get; private init; }

    internal CurveTable? CurvesTable { get; private init; }

    internal IReadOnlyList<string> TableProblems { get; private init; } = [];

    internal MadeUpCurves? MadeUp { get; private init; }

    internal IReadOnlyList<PlannedFailure> Failures { get; private init; } = [];

    internal int Attempts { get; private init; } = 3;

    internal StopSpec Stop { get; private init; } = new();

    internal double? After { get; private init; }

    internal double UnitSeconds { get; private init; } = 1;

    internal double StartUpSeconds { get; private init; }

    internal double CheckpointSeconds { get; private init; }

    internal double LatencySeconds { get; private init; }

    internal Recording? Recorded { get; private init; }

    /// <summary>Synchronous successive halving: a rung waits until all of its trials have a result.</summary>
    /// <param name="trials">Trials of a bracket, ≥ 1.</param>
    /// <param name="reductionFactor">η ≥ 2: the best 1/η of a rung are promoted, to η times the resource.</param>
    public static Scenario Sha(int trials, int reductionFactor = 4) => new(new SchedulerSpec(SchedulerType.Sha, reductionFactor, trials));

    /// <summary>Asynchronous successive halving: a trial is promoted as soon as it is among the best 1/η of the results so far.</summary>
    /// <param name="trials">Trials to sample, ≥ 1. Left out: without limit; then something has to stop the run.</param>
    /// <param name="reductionFactor">η ≥ 2.</param>
    public static Scenario Asha(int? trials = null, int reductionFactor = 4) => new(new SchedulerSpec(SchedulerType.Asha, reductionFactor, trials));

    /// <summary>For trials that cannot be resumed: each goes on, or ends, when it has its result.</summary>
    /// <param name="trials">Trials to sample, ≥ 1. Left out: without limit; then something has to stop the run.</param>
    /// <param name="reductionFactor">η ≥ 2.</param>
    public static Scenario Stopping(int? trials = null, int reductionFactor = 4) => new(new SchedulerSpec(SchedulerType.Stopping, reductionFactor, trials));

    /// <summary>A recorded run as it was: its scheduler and rules, its nodes, and the world of its curves and durations. Run unchanged, it does the same again; each method changes it.</summary>
    public static Scenario Of(Recording recording)
    {
        ArgumentNullException.ThrowIfNull(recording);
        var stop = RecordedStop.Of(recording.Spec.Stop, recording.Events);
        return new Scenario(recording.Spec.Scheduler).InWorldOf(recording) with { Stop = stop with { After = null }, After = stop.After is { } after ? Seconds.Of(after) : null };
    }

    /// <summary>
    /// In place of what else is said of trials: what was recorded of them, on the recorded nodes. A job that was recorded lasts as long as it did, and fails as it did; another one as its trial's reports say. What was never reached is not invented: such a
    /// result ranks last, and <see cref="ScenarioRun.UnknownResults"/> counts it.
    /// </summary>
    public Scenario InWorldOf(Recording recording)
    {
        ArgumentNullException.ThrowIfNull(recording);
        var spec = recording.Spec;
        return this with
        {
            Recorded = recording,
            Levels = spec.Resource,
            Mode = spec.Metric.Mode,
            SeedNumber = spec.Seed,
            Attempts = spec.Trial.MaxAttempts,
            NodeList = [.. RecordedNodes.Of(recording.Events).Select(node => new Node(node))],
            LatencySeconds = Seconds.Of(recording.Attempts.Latency),
        };
    }

    /// <summary>SHA opens another bracket.</summary>
    /// <param name="repeat">When the last one is over, or whenever a slot has nothing to do.</param>
    /// <param name="mostTrials">Trials to sample in all brackets; left out: without limit, and something has to stop the run.</param>
    public Scenario Repeat(BracketRepeat repeat, int? mostTrials = null) => this with { Scheduler = Scheduler with { Repeat = repeat, MostTrials = mostTrials } };

    /// <summary>What a trial is given: <paramref name="min"/> in rung 0, η times as much in each further one, <paramref name="max"/> in the last. Levels are rounded where both are whole numbers.</summary>
    /// <param name="min">r &gt; 0.</param>
    /// <param name="max">R ≥ r.</param>
    public Scenario Resource(double min, double max) => this with { Levels = new ResourceSpec("resource", min, max, Math.Floor(min) == min && Math.Floor(max) == max) };

    /// <summary>The greater metric is the better one.</summary>
    public Scenario Maximize() => this with { Mode = MetricMode.Max };

    /// <summary>Where all that is drawn comes from: made-up curves, stragglers, drops.</summary>
    /// <param name="seed">≥ 0.</param>
    public Scenario Seed(long seed) => this with { SeedNumber = seed };

    /// <summary>One node with so many slots.</summary>
    /// <param name="slots">≥ 1.</param>
    public Scenario Slots(int slots) => Nodes(new Node(slots));

    /// <summary>The nodes; at least one.</summary>
    public Scenario Nodes(params Node[] nodes) => this with { NodeList = [.. nodes] };

    /// <summary>The metric of a trial at a resource, by a function of both. NaN and infinities rank last and are never promoted.</summary>
    public Scenario Metrics(Func<int, double, double> metric) => this with { MetricOf = metric, CurvesTable = null, MadeUp = null, TableProblems = [] };

    /// <summary>Made-up learning curves, drawn by seed and trial: <see cref="PowerLawCurves"/>, <see cref="CrossingCurves"/>.</summary>
    public Scenario Curves(MadeUpCurves curves) => this with { MadeUp = curves, MetricOf = null, CurvesTable = null, TableProblems = [] };

    /// <summary>Metrics and lengths from a table. A job from one level to another takes the seconds of the rows between them.</summary>
    /// <param name="trials">Of each trial, from 0, its rows by rising resource, one at each rung's level: the resource, the metric, and the seconds since the row before.</param>
    public Scenario Table(params IReadOnlyList<(double Resource, double Metric, double Seconds)>[] trials)
        => this with { CurvesTable = CodeTable.Of(trials, out var problems), TableProblems = problems, MetricOf = null, MadeUp = null };

    /// <summary>How many seconds a unit of resource takes on a node of speed 1.</summary>
    public Scenario SecondsPerUnit(double seconds) => this with { UnitSeconds = seconds, SecondsOf = null };

    /// <summary>How many seconds an attempt takes on a node of speed 1, in place of table and units: by its trial, rung, start and target.</summary>
    public Scenario Lengths(Func<JobStarted, double> seconds) => this with { SecondsOf = seconds };

    /// <summary>A trial that goes on begins at 0 again; left out, it resumes.</summary>
    public Scenario Restarts() => this with { Rules = Rules with { Cost = JobCost.Restart } };

    /// <summary>Each attempt takes 1 + |z| times as long, z ~ N(0, σ), drawn by seed, trial, rung and attempt.</summary>
    /// <param name="sigma">σ ≥ 0.</param>
    public Scenario Stragglers(double sigma) => Stragglers(new Stragglers(StragglerType.HalfNormal, sigma));

    /// <summary>Each attempt takes so many times as long.</summary>
    public Scenario Stragglers(Stragglers stragglers) => this with { Rules = Rules with { Stragglers = stragglers } };

    /// <summary>Seconds at the beginning of every attempt, and at the end of each that leaves a checkpoint; the slot is busy.</summary>
    public Scenario Overheads(double startUp = 0, double checkpoint = 0) => this with { StartUpSeconds = startUp, CheckpointSeconds = checkpoint };

    /// <summary>Seconds from an attempt's end until its result counts; its slot is idle meanwhile, <c>waiting-for-decision</c>.</summary>
    public Scenario DecisionLatency(double seconds) => this with { LatencySeconds = seconds };

    /// <summary>At the end of each whole second an attempt is dropped with this probability: a failure.</summary>
    /// <param name="probability">0 … 1.</param>
    public Scenario Drops(double probability) => this with { Rules = Rules with { Drops = probability } };

    /// <summary>The first attempts of one job fail.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="rung">The rung that it is going to.</param>
    /// <param name="after">Seconds from an attempt's start to its failure.</param>
    /// <param name="attempts">How many of them fail, one after the other; ≥ 1.</param>
    /// <param name="cause">How they end: <see cref="EndingCause.Crash"/>, <see cref="EndingCause.Dropped"/> …</param>
    public Scenario Fails(int trial, int rung, double after, int attempts = 1, EndingCause cause = EndingCause.Crash)
        => this with { Failures = [.. Failures, new PlannedFailure(trial, rung, after, attempts, cause)] };

    /// <summary>How often a job may fail before its trial has failed for good.</summary>
    /// <param name="attempts">≥ 1; 3 where nothing is said.</param>
    public Scenario MaxAttempts(int attempts) => this with { Attempts = attempts };

    /// <summary>The run stops at this time: what happens at that very moment counts, nothing starts, and running jobs are cut.</summary>
    /// <param name="seconds">&gt; 0.</param>
    public Scenario StopAfter(double seconds) => this with { After = seconds };

    /// <summary>The run stops when so many trials have a result of their first job, or failed.</summary>
    public Scenario StopAtTrials(int trials) => this with { Stop = Stop with { Trials = trials } };

    /// <summary>The run stops when so much resource was trained, over all attempts.</summary>
    public Scenario StopAtResource(double resource) => this with { Stop = Stop with { Resource = resource } };

    /// <summary>The run stops when a result is at least as good.</summary>
    public Scenario StopAtMetric(double metric) => this with { Stop = Stop with { Metric = metric } };
}

/// <summary>The first attempts of a job fail, each so many seconds after its start.</summary>
internal sealed record PlannedFailure(int Trial, int Rung, double After, int Attempts, EndingCause Cause);
