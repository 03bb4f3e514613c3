using Asha.Core.Experiments;
using Asha.Core.Scheduling;
using Asha.Core.Spaces;
using Asha.Core.Utilization;

namespace Asha.Core.Tests;

/// <summary>
/// The smallest world around the core: slots, a clock that jumps from one end of a job to the next, and metrics from a table. It decides nothing
/// itself: the experiment, the rungs and the next step are the core's own.
/// </summary>
internal sealed class TableWorld
{
    private readonly Experiment _experiment;
    private readonly Rung[] _rungs;
    private readonly RungHead?[] _heads;
    private readonly Func<int, int, double> _metric;
    private readonly Func<JobStarted, TimeSpan> _length;
    private readonly PriorityQueue<JobStarted, (TimeSpan End, int Order)> _ends = new();
    private readonly UtilizationTally _utilization = new();
    private ExperimentState _folded = new();
    private int _order;
    private TimeSpan _now;

    /// <param name="metric">Of (trial, rung).</param>
    /// <param name="length">Of a job; by default its resource in seconds, resumed.</param>
    public TableWorld(ExperimentSpec spec, Func<int, int, double> metric, Func<JobStarted, TimeSpan>? length = null)
    {
        _experiment = new Experiment(spec, new RunOrigin("test", DateTimeOffset.UnixEpoch, "0", "test"));
        _metric = metric;
        _length = length ?? (job => TimeSpan.FromSeconds(job.Target - job.Start));
        var rule = spec.Scheduler.Type == SchedulerType.Sha ? RungRule.Synchronous : RungRule.Asynchronous;
        var count = State.Rungs.Count;
        _rungs = [.. Enumerable.Range(0, count).Select(rung => new Rung(rung == count - 1 ? RungRule.Top : rule, spec.Scheduler.ReductionFactor))];
        _heads = new RungHead?[count];
    }

    public ExperimentState State => _experiment.State;

    public UtilizationTally Utilization => _utilization;

    public List<ExperimentEvent> Events { get; } = [];

    /// <summary>The state as folded from the events alone.</summary>
    public ExperimentState Folded => _folded;

    /// <summary>Jobs in the order of their starts, as the paper's sequences write them: trial (from 1) @ rung.</summary>
    public string Sequence => string.Join(' ', Events.OfType<JobStarted>().Select(job => $"{job.Trial + 1}@{job.Rung}"));

    public TableWorld Run(int slots)
    {
        for (var slot = 0; slot < slots; slot++)
            _experiment.Join(TimeSpan.Zero, slot, "node");
        Serve();
        while (_ends.TryDequeue(out var job, out var end) && State.Ended is null)
        {
            _now = end.End;
            Deliver(job);
            Serve();
        }
        return this;
    }

    /// <summary>A report with its ending; a metric of <c>null</c> is a crash.</summary>
    private void Deliver(JobStarted job)
    {
        var metric = _metric(job.Trial, job.Rung);
        var report = new TrialReport(job.Target, metric, $"epoch-{job.Target}");
        if (_experiment.Receive(_now, new JobReport(job.Trial, job.Attempt, 0, [report], new TrialEnding(EndingCause.Exited))) is not { } ranked)
            return;
        var population = State.Population(ranked.Rung);
        _rungs[ranked.Rung].Insert(ranked.Trial, State.Spec.Metric.Turned(ranked.Results[^1].Metric), population, []);
        _heads[ranked.Rung] = _rungs[ranked.Rung].Head(population);
    }

    private void Serve()
    {
        while (NextStep.Choose(State, _heads) is { Kind: not StepKind.Nothing } step)
        {
            switch (step.Kind)
            {
                case StepKind.Promote:
                    var population = State.Population(step.Number);
                    _experiment.Promoted(_now, step.Number, _rungs[step.Number].Promote(population));
                    _heads[step.Number] = _rungs[step.Number].Head(population);
                    break;
                case StepKind.Sample:
                    _experiment.Sample(_now);
                    break;
                default:
                    var job = _experiment.Start(_now, step.Number);
                    _ends.Enqueue(job, (_now + _length(job), _order++));
                    break;
            }
        }
        _experiment.Park(_now);
        if (NextStep.IsOver(State, _heads))
            _experiment.End(_now, "completed", "");
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
