using Asha.Core.Experiments;
using Asha.Core.Spaces;
using Asha.Host.View;

namespace Asha.Host.Tests.View;

/// <summary>A run as a few events tell it, and what the view makes of it.</summary>
internal sealed class RunSketch
{
    private readonly RunRecord _record = new() { Standings = new(), Bests = new() };
    private readonly News _news = new();

    public RunSketch(int slots, int? trials, SchedulerType type = SchedulerType.Asha, string name = "sketch", string metric = "loss", string resource = "epoch", double max = 27)
    {
        var spec = new ExperimentSpec
        {
            Name = name, Seed = 1, Metric = new(metric, MetricMode.Min), Resource = new(resource, 1, max, true), Scheduler = new(type, 3, trials),
            Space = new([]), Trial = new() { Command = ["true"], Directory = "/" }, Slots = slots,
        };
        Tell(new ExperimentStarted(TimeSpan.Zero, spec, new RunOrigin($"{name}-1", DateTimeOffset.UnixEpoch, "0", "test")));
        for (var slot = 0; slot < slots; slot++)
            Tell(new SlotJoined(TimeSpan.Zero, slot, "node"));
    }

    public ExperimentState State => _record.State;

    public RunRecord Record => _record;

    public RunSketch Tell(ExperimentEvent happened)
    {
        _record.Apply(happened);
        _news.Advance(_record, happened);
        return this;
    }

    /// <summary>Samples a trial and starts it.</summary>
    public int Start(double second, int slot, params (string Name, ParameterValue Value)[] parameters)
    {
        var trial = State.Trials.Count;
        Tell(new TrialSampled(At(second), trial, 0, new Configuration([.. parameters.Select(pair => KeyValuePair.Create(pair.Name, pair.Value))])));
        Tell(new JobStarted(At(second), trial, 0, 0, 1, slot, 0, State.Rungs[0].Level));
        return trial;
    }

    public RunSketch End(double second, int trial, double metric)
    {
        var state = State.Trials[trial];
        return Tell(new JobCompleted(At(second), trial, 0, state.Rung, state.Attempt, state.Slot, state.Target, metric));
    }

    public RunSketch Promote(double second, int trial, int slot)
    {
        var state = State.Trials[trial];
        Tell(new TrialPromoted(At(second), trial, 0, state.Rung, 1, 1, 3, 1, 1));
        return Tell(new JobStarted(At(second), trial, 0, state.Rung, state.Attempt + 1, slot, state.Resource, State.Rungs[state.Rung].Level));
    }

    public RunSketch Fail(double second, int trial, string cause, string detail, bool last = false)
    {
        var state = State.Trials[trial];
        return Tell(new AttemptFailed(At(second), trial, 0, state.Rung, state.Attempt, state.Slot, cause, detail, last));
    }

    public Moment Moment(double second, string? notice = null) => new(_record, _news, At(second), RestEstimate.Of(State, _news.Durations, At(second)), "runs/sketch-1", notice);

    public IReadOnlyList<Line> Draw(double second, int width, int height, string? notice = null) => Frame.Draw(Moment(second, notice), new Look(width, height));

    public string Text(double second, int width, int height, string? notice = null) => string.Join('\n', Draw(second, width, height, notice).Select(line => line.Text.TrimEnd())) + "\n";

    public static TimeSpan At(double second) => TimeSpan.FromSeconds(second);
}
