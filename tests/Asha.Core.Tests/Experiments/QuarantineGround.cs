using Asha.Core.Experiments;

namespace Asha.Core.Tests.Experiments;

/// <summary>An experiment on several nodes that are always busy: jobs end in a random order, and fail where somebody says so. A slot that left is back as soon as its node may be given jobs, as a supervisor would have it.</summary>
internal sealed class QuarantineGround
{
    private readonly Random _random;
    private readonly int _slots;
    private readonly Func<string, int, bool> _fails;
    private readonly List<ExperimentEvent> _events = [];
    private int _next;

    /// <param name="random">In which order jobs end.</param>
    /// <param name="nodes">Their names.</param>
    /// <param name="slots">Of each.</param>
    /// <param name="fails">Whether the trial's job fails on the node.</param>
    /// <param name="quarantine">As in the specification.</param>
    public QuarantineGround(Random random, IReadOnlyList<string> nodes, int slots, Func<string, int, bool> fails, int? quarantine = 3, int attempts = 3)
    {
        (_random, Nodes, _slots, _fails) = (random, nodes, slots, fails);
        var spec = TableWorld.Spec(SchedulerType.Asha, 4, 1, 64, null);
        Experiment = new Experiment(spec with { Trial = spec.Trial with { Quarantine = quarantine, MaxAttempts = attempts, RetryBackOff = new BackOffSpec(TimeSpan.FromSeconds(1.5), 2, TimeSpan.FromSeconds(60), 0) } }, new RunOrigin("test", DateTimeOffset.UnixEpoch, "0", "test"));
        Fill();
    }

    public Experiment Experiment { get; }

    public ExperimentState State => Experiment.State;

    public IReadOnlyList<string> Nodes { get; }

    public TimeSpan Now { get; private set; } = TimeSpan.Zero;

    public IReadOnlyList<ExperimentEvent> Events
    {
        get
        {
            _events.AddRange(Experiment.TakeDecided());
            return _events;
        }
    }

    public int Held(string node) => State.Nodes.ConductOf(node)?.Slots ?? 0;

    /// <summary>The node's last slots leave, with what they run.</summary>
    public void Lose(string node)
    {
        int[] slots = [.. State.Slots.All.Select(slot => slot.Key).Where(slot => State.Nodes.Of(slot) == node)];
        Experiment.Lose(Now, slots);
        foreach (var slot in slots)
            Experiment.Leave(Now, slot);
    }

    /// <summary>Some job ends; which one is drawn, or is of the node.</summary>
    public void Step(string? node = null)
    {
        Now += TimeSpan.FromSeconds(1);
        TrialState[] running = [.. State.Running.Where(trial => node is null || trial.Node == node)];
        if (running.Length > 0)
        {
            var trial = running[_random.Next(running.Length)];
            if (_fails(trial.Node!, trial.Trial))
                Say(trial, new TrialEnding(EndingCause.Exit, "exit code 1"));
            else
                Say(trial, new TrialEnding(EndingCause.Exited), new TrialReport(trial.Target, _random.NextDouble()));
        }
        Fill();
    }

    private void Say(TrialState trial, TrialEnding ending, params TrialReport[] reports)
        => Experiment.Receive(Now, new JobReport(trial.Trial, trial.Attempt, trial.NextMessage, reports, ending));

    private void Fill()
    {
        Experiment.ReleaseRetries(Now);
        foreach (var node in Nodes)
        {
            var wanted = !State.Nodes.Unfit.ContainsKey(node) ? _slots : State.Nodes.IsTried(node, Now) ? 1 : 0;
            while (Held(node) < wanted)
                Experiment.Join(Now, _next++, node);
        }
        while (State.Slots.FirstIdle is not null)
        {
            if (!State.Retries.TryPeek(out var trial))
            {
                trial = State.Trials.Count;
                Experiment.Sample(Now);
            }
            Experiment.Start(Now, trial);
        }
    }
}
