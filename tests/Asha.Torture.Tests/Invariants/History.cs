using Asha.Core.Experiments;
using Asha.Core.Spaces;
using Asha.Core.Tests;
using Asha.Torture.Invariants;

namespace Asha.Torture.Tests.Invariants;

/// <summary>A history made up by hand, told to one law: one second passes with each event, unless it is said otherwise. Jobs go from the level below to their rung's (r = 1, η = 2).</summary>
internal sealed class History
{
    private readonly Invariant _law;
    private readonly List<ExperimentEvent> _events = [];
    private readonly Dictionary<int, (int Rung, int Attempt, int Slot)> _last = [];

    public History(Invariant law, SchedulerType type = SchedulerType.Asha, int? trials = 100, Func<ExperimentSpec, ExperimentSpec>? change = null)
    {
        _law = law;
        var spec = TableWorld.Spec(type, 2, 1, 4, trials);
        Add(new ExperimentStarted(TimeSpan.Zero, change?.Invoke(spec) ?? spec, new RunOrigin("run", DateTimeOffset.UnixEpoch, "0", "test")));
    }

    public IReadOnlyList<ExperimentEvent> Events => _events;

    /// <summary>The events so far, folded: an experiment that decided just these.</summary>
    public ExperimentState State
    {
        get
        {
            var state = new ExperimentState();
            _events.ForEach(state.Apply);
            return state;
        }
    }

    public TimeSpan Now => _events.Count > 0 ? _events[^1].Time : TimeSpan.Zero;

    private TimeSpan Next => Now + TimeSpan.FromSeconds(1);

    public static double Level(int rung) => 1 << rung;

    /// <summary>Commits an event.</summary>
    public History Add(ExperimentEvent happened)
    {
        _events.Add(happened);
        _law.Committed(happened.Time, [happened]);
        return this;
    }

    public History Join(int slots = 1)
    {
        for (var slot = 0; slot < slots; slot++)
            Add(new SlotJoined(Now, slot, "node"));
        return this;
    }

    public History Sample(int trial, int bracket = 0) => Add(new TrialSampled(Next, trial, bracket, Configuration.Empty));

    public History Start(int trial, int rung = 0, int attempt = 1, int slot = 0, double start = 0, CheckpointRef? from = null, bool goesOn = false)
    {
        _last[trial] = (rung, attempt, slot);
        return Add(new JobStarted(Next, trial, 0, rung, attempt, slot, start, Level(rung), from, goesOn));
    }

    /// <summary>A report that came in a message and counts.</summary>
    public History Accept(int trial, double resource, double metric, string? checkpoint = null, int message = 0, bool arrives = true)
    {
        var attempt = _last[trial].Attempt;
        if (arrives)
            _law.Arrived(Next, new JobReport(trial, attempt, message, [new TrialReport(resource, metric, checkpoint)]));
        return Add(new ReportAccepted(Next, trial, attempt, resource, metric, checkpoint, message));
    }

    public History Complete(int trial, double metric) => _last[trial] is var (rung, attempt, slot) ? Add(new JobCompleted(Next, trial, 0, rung, attempt, slot, Level(rung), metric)) : this;

    /// <summary>A whole job, from its start to its result.</summary>
    public History Run(int trial, double metric, int rung = 0, int attempt = 1, int slot = 0)
        => Start(trial, rung, attempt, slot).Accept(trial, Level(rung), metric).Complete(trial, metric);

    public History Fail(int trial, bool last = false, string cause = "crash", TimeSpan? backOff = null)
        => _last[trial] is var (rung, attempt, slot) ? Add(new AttemptFailed(Next, trial, 0, rung, attempt, slot, cause, "", last, backOff)) : this;

    public History Lose(int trial, string cause = "node-lost", string? detail = null)
        => _last[trial] is var (rung, attempt, slot) ? Add(new AttemptLost(Next, trial, 0, rung, attempt, slot, cause, detail)) : this;

    public History Promote(int trial, int rung = 0, double metric = 0, int rank = 1, int results = 2, int candidates = 1, double cutOff = 0, int bracket = 0)
        => Add(new TrialPromoted(Next, trial, bracket, rung, metric, rank, results, candidates, cutOff));

    /// <summary>It breaks the law by what is done last, and says so.</summary>
    public static void Breaks(string says, Action last) => Breaks(says, null, last);

    /// <summary>The same, and it is about this slot.</summary>
    public static void Breaks(string says, int? slot, Action last)
    {
        var violation = Assert.Throws<ViolationException>(last);
        Assert.Contains(says, violation.Message, StringComparison.Ordinal);
        if (slot is not null)
            Assert.Equal(slot, violation.Slot);
    }
}
