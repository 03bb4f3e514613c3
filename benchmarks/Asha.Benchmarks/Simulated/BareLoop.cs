using Asha.Actors.Simulation;
using Asha.Core.Experiments;
using Asha.Core.Scheduling;

namespace Asha.Benchmarks.Simulated;

/// <summary>The decisions of a simulated run without actors: a queue of ends, the experiment, its rungs. What is left of a run's time is what the actors cost.</summary>
internal sealed class BareLoop
{
    private readonly PriorityQueue<JobStarted, (TimeSpan End, int Start)> _ends = new();
    private readonly Experiment _experiment;
    private readonly Func<JobStarted, SimulatedAttempt> _attempt;
    private readonly Rung[] _rungs;
    private readonly RungHeads _heads = new();
    private int _starts;
    private TimeSpan _now;

    public BareLoop(ExperimentSpec spec, Func<JobStarted, SimulatedAttempt> attempt)
    {
        _experiment = new Experiment(spec, new RunOrigin("bare", DateTimeOffset.UnixEpoch, "0", "bare"));
        _attempt = attempt;
        var count = State.Rungs.Count;
        _rungs = [.. Enumerable.Range(0, count).Select(rung => new Rung(Rung.RuleOf(spec.Scheduler, rung, count), spec.Scheduler.ReductionFactor))];
        _heads.Open(count);
        for (var slot = 0; slot < spec.Slots; slot++)
            _experiment.Join(default, slot, "node-0");
    }

    private ExperimentState State => _experiment.State;

    /// <summary>Runs to the end; returns the jobs completed.</summary>
    public int Run()
    {
        var released = new List<int>();
        var completed = 0;
        Serve();
        while (_ends.TryDequeue(out var job, out var when))
        {
            _now = when.End;
            var goes = _attempt(job);
            var ranked = _experiment.Receive(_now, new JobReport(job.Trial, job.Attempt, 0, [goes.Result!.Value], goes.Ending))!;
            var population = State.Population(0, ranked.Rung);
            released.Clear();
            _rungs[ranked.Rung].Insert(ranked.Trial, State.Spec.Metric.Turned(ranked.Results[^1].Metric), population, released);
            _heads[0, ranked.Rung] = _rungs[ranked.Rung].Head(population);
            completed++;
            Serve();
        }
        return completed;
    }

    private void Serve()
    {
        while (NextStep.Choose(State, _heads) is { Kind: not StepKind.Nothing } step)
        {
            switch (step.Kind)
            {
                case StepKind.Promote:
                    var population = State.Population(0, step.Number);
                    _experiment.Promoted(_now, step.Number, _rungs[step.Number].Promote(population));
                    _heads[0, step.Number] = _rungs[step.Number].Head(population);
                    break;
                case StepKind.Sample:
                    _experiment.Sample(_now);
                    break;
                default:
                    var job = _experiment.Start(_now, step.Number);
                    _ends.Enqueue(job, (_now + _attempt(job).Length, _starts++));
                    break;
            }
        }
        _experiment.Park(_now);
        _experiment.TakeDecided();
    }
}
