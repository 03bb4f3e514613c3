using Asha.Core.Experiments;
using Asha.Core.Scheduling;
using Asha.Core.Spaces;
using Asha.Core.Utilization;

namespace Asha.Core.Tests;

/// <summary>How one attempt goes: it ends after <paramref name="Length"/> with its metric, or, where that is <c>null</c>, with a crash.</summary>
internal readonly record struct Attempt(TimeSpan Length, double? Metric);

/// <summary>What happens to a node's slots.</summary>
internal enum NodeChange { Join, Die, Remove }

/// <summary>At a time, the slots <paramref name="First"/> … <paramref name="First"/> + <paramref name="Count"/> − 1 come, stop answering, or are given up.</summary>
internal sealed record SlotChange(TimeSpan Time, NodeChange Change, int First, int Count)
{
    public IReadOnlyList<int> Slots => [.. Enumerable.Range(First, Count)];
}

/// <summary>
/// The smallest world around the core: slots that come and go, a clock that jumps from one event to the next, and attempts from a table. It decides nothing
/// itself: the experiment, the rungs and the next step are the core's own.
/// </summary>
internal sealed class TableWorld
{
    private readonly Experiment _experiment;
    private readonly List<Rung[]> _rungs = [];
    private readonly RungHeads _heads = new();
    private readonly Func<JobStarted, Attempt> _attempt;
    private readonly PriorityQueue<object, (TimeSpan Time, int Class, int Order)> _world = new();
    private readonly UtilizationTally _utilization = new();
    private readonly ExperimentState _folded = new();
    private int _order;
    private TimeSpan _now, _alarm;

    /// <param name="metric">Of (trial, rung).</param>
    /// <param name="length">Of a job; by default its resource in seconds, resumed.</param>
    public TableWorld(ExperimentSpec spec, Func<int, int, double> metric, Func<JobStarted, TimeSpan>? length = null)
        : this(spec, job => new Attempt((length ?? Resumed)(job), metric(job.Trial, job.Rung)))
    {
    }

    public TableWorld(ExperimentSpec spec, Func<JobStarted, Attempt> attempt)
    {
        _experiment = new Experiment(spec, new RunOrigin("test", DateTimeOffset.UnixEpoch, "0", "test"));
        _attempt = attempt;
        Open(State.Brackets[0]);
    }

    public ExperimentState State => _experiment.State;

    public UtilizationTally Utilization => _utilization;

    public List<ExperimentEvent> Events { get; } = [];

    /// <summary>Trials that a rung gave up, in order.</summary>
    public List<(int Rung, int Trial)> Released { get; } = [];

    /// <summary>The state as folded from the events alone.</summary>
    public ExperimentState Folded => _folded;

    /// <summary>Every message comes twice, as after a lost acknowledgement.</summary>
    public bool SendsTwice { get; init; }

    /// <summary>Called whenever all idle slots are served.</summary>
    public Action<TableWorld> Settled { get; init; } = _ => { };

    /// <summary>Jobs in the order of their starts, as the paper's sequences write them: trial (from 1) @ rung.</summary>
    public string Sequence => string.Join(' ', Events.OfType<JobStarted>().Select(job => $"{job.Trial + 1}@{job.Rung}"));

    public TableWorld Run(int slots) => Run([new SlotChange(TimeSpan.Zero, NodeChange.Join, 0, slots)]);

    /// <summary>Runs until nothing is left to do, nothing can happen any more, or the horizon is reached.</summary>
    public TableWorld Run(IEnumerable<SlotChange> changes, TimeSpan? horizon = null)
    {
        foreach (var change in changes)
            _world.Enqueue(change, (change.Time, change.Time == TimeSpan.Zero ? 0 : 1 + (int)change.Change, _order++));
        while (State.Ended is null && _world.TryDequeue(out var happens, out var when))
        {
            if (when.Time >= horizon)
            {
                _now = horizon.Value;
                _experiment.End(_now, "stopped", "horizon");
                Record();
                break;
            }
            _now = when.Time;
            if (happens is JobStarted job)
                Deliver(job);
            else if (happens is TimeSpan)
                _experiment.ReleaseRetries(_now);
            else
                Change((SlotChange)happens);
            Serve();
        }
        return this;
    }

    private void Open(BracketState bracket)
    {
        var (count, scheduler) = (bracket.Rungs.Count, State.Spec.Scheduler);
        _rungs.Add([.. bracket.Rungs.Select(rung => new Rung(Rung.RuleOf(scheduler, rung.Rung, count), scheduler.ReductionFactor))]);
        _heads.Open(count);
    }

    private static TimeSpan Resumed(JobStarted job) => TimeSpan.FromSeconds(job.Target - job.Start);

    private void Change(SlotChange change)
    {
        switch (change.Change)
        {
            case NodeChange.Die:
                _experiment.Lose(_now, change.Slots);
                break;
            case NodeChange.Remove:
                foreach (var slot in change.Slots)
                    _experiment.Leave(_now, slot);
                break;
            default:
                foreach (var slot in change.Slots)
                    _experiment.Join(_now, slot, $"node-{change.First}");
                break;
        }
    }

    /// <summary>The attempt's end; of one that was lost with its node, a late message.</summary>
    private void Deliver(JobStarted job)
    {
        TrialReport[] reports = _attempt(job).Metric is { } metric ? [new TrialReport(job.Target, metric, $"epoch-{job.Target}")] : [];
        var message = new JobReport(job.Trial, job.Attempt, 0, reports, new TrialEnding(reports.Length > 0 ? EndingCause.Exited : EndingCause.Crash));
        var ranked = _experiment.Receive(_now, message);
        if (SendsTwice)
            Assert.Null(_experiment.Receive(_now, message));
        if (ranked is null)
            return;
        var population = State.Population(ranked.Bracket, ranked.Rung);
        var released = new List<int>();
        var rung = _rungs[ranked.Bracket][ranked.Rung];
        rung.Insert(ranked.Trial, State.Spec.Metric.Turned(ranked.Results[^1].Metric), population, released);
        Released.AddRange(released.Select(trial => (ranked.Rung, trial)));
        _heads[ranked.Bracket, ranked.Rung] = rung.Head(population);
    }

    private void Serve()
    {
        if (StopRule.Check(State, _now) is { } reason)
            _experiment.End(_now, "stopped", reason);
        while (State.Ended is null && NextStep.Choose(State, _heads) is { Kind: not StepKind.Nothing } step)
        {
            switch (step.Kind)
            {
                case StepKind.Promote:
                    var (population, rung) = (State.Population(step.Bracket, step.Number), _rungs[step.Bracket][step.Number]);
                    _experiment.Promoted(_now, step.Number, rung.Promote(population));
                    _heads[step.Bracket, step.Number] = rung.Head(population);
                    break;
                case StepKind.Sample:
                    _experiment.Sample(_now, step.Bracket);
                    break;
                case StepKind.Open:
                    Open(_experiment.OpenBracket(_now));
                    break;
                default:
                    var job = _experiment.Start(_now, step.Number);
                    _world.Enqueue(job, (_now + _attempt(job).Length, 0, _order++));
                    break;
            }
        }
        if (State.Ended is null)
        {
            _experiment.Park(_now);
            if (NextStep.IsOver(State, _heads) && FinalOutcome.Of(State) is var (outcome, why))
                _experiment.End(_now, outcome, why);
        }
        if (State.Retries.Earliest is { } alarm && alarm != _alarm)
            _world.Enqueue(_alarm = alarm, (alarm, 4, _order++));
        Record();
        Settled(this);
    }

    private void Record()
    {
        foreach (var decided in _experiment.TakeDecided())
        {
            Events.Add(decided);
            if (decided is not ExperimentStarted)
                _utilization.Advance(_folded, decided);
            _folded.Apply(decided);
        }
    }

    /// <summary>An experiment with one continuous parameter.</summary>
    public static ExperimentSpec Spec(SchedulerType type, int reductionFactor, double min, double max, int? trials) => new()
    {
        Name = "test",
        Seed = 1,
        Metric = new MetricSpec("loss", MetricMode.Min),
        Resource = new ResourceSpec("epoch", min, max, Integral: true),
        Scheduler = new SchedulerSpec(type, reductionFactor, trials),
        Space = new SearchSpace([new Parameter("x", new UniformDomain(0, 1))]),
        Trial = new TrialSpec { Command = ["true"], Directory = "/" },
        Slots = 1,
    };
}
