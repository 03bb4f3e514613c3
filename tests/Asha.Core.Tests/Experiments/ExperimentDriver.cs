using Asha.Core.Experiments;

namespace Asha.Core.Tests.Experiments;

/// <summary>One experiment, spoken to by hand: trials are sampled and started as asked for, one slot for each.</summary>
internal sealed class ExperimentDriver
{
    private TimeSpan _now;

    public ExperimentDriver(ExperimentSpec? spec = null)
        => Experiment = new Experiment(spec ?? TableWorld.Spec(SchedulerType.Asha, 4, 1, 64, null), new RunOrigin("test", DateTimeOffset.UnixEpoch, "0", "test"));

    public Experiment Experiment { get; }

    public ExperimentState State => Experiment.State;

    public List<ExperimentEvent> Events { get; } = [];

    /// <summary>Each word to the experiment comes a second after the last.</summary>
    public TimeSpan Now => _now += TimeSpan.FromSeconds(1);

    public TrialState Sample()
    {
        Experiment.Join(Now, State.Slots.Present, "node");
        Experiment.Sample(Now);
        return Start(State.Trials[^1]);
    }

    public TrialState Start(TrialState trial)
    {
        if (State.Slots.FirstIdle is null)
            Experiment.Join(Now, State.Slots.Present + 100, "another");
        Experiment.Start(Now, trial.Trial);
        return trial;
    }

    /// <summary>The next message of the attempt under way.</summary>
    public TrialState? Say(TrialState trial, TrialEnding? ending, params TrialReport[] reports)
        => Experiment.Receive(Now, new JobReport(trial.Trial, trial.Attempt, trial.NextMessage, reports, ending));

    public TrialState? Report(TrialState trial, double resource, double metric, string? checkpoint = null) => Say(trial, null, new TrialReport(resource, metric, checkpoint));

    public TrialState? Exit(TrialState trial, params TrialReport[] reports) => Say(trial, new TrialEnding(EndingCause.Exited), reports);

    public TrialState? Crash(TrialState trial, EndingCause cause = EndingCause.Crash) => Say(trial, new TrialEnding(cause));

    /// <summary>The trial's rung promotes it, as far as the experiment sees.</summary>
    public void Promote(TrialState trial)
        => Experiment.Promoted(Now, trial.Rung, new Asha.Core.Scheduling.RungHead(trial.Trial, State.Spec.Metric.Turned(trial.Results[^1].Metric), 1, 4, 1, 0));

    /// <summary>What was decided since the last call.</summary>
    public IReadOnlyList<ExperimentEvent> Decided()
    {
        var decided = Experiment.TakeDecided();
        Events.AddRange(decided);
        return decided;
    }
}
