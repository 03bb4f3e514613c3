using Asha.Core.Scheduling;

namespace Asha.Core.Tests.Scheduling;

/// <summary>
/// Experiments that always have work, on a clock: each slot that one holds runs one job after the other, of lengths of its own, and goes back where the pool asks for one as a job ends.
/// What is measured is slot-seconds in which jobs ran.
/// </summary>
internal sealed class SharingWorld(int seed)
{
    private readonly Random _random = new(seed);
    private readonly PriorityQueue<Action, (double Time, int Number)> _agenda = new();
    private readonly Dictionary<int, (string Experiment, double Since, int Job)> _running = [];
    private readonly Dictionary<string, Func<Random, double>> _lengths = [];
    private int _number;
    private int _jobs;

    public PoolUnderTest Books { get; } = new();

    public double Now { get; private set; }

    /// <summary>Slot-seconds by experiment.</summary>
    public Dictionary<string, double> Used { get; } = [];

    /// <summary>When each got its first slot.</summary>
    public Dictionary<string, double> First { get; } = [];

    public void At(double time, Action action) => _agenda.Enqueue(() =>
    {
        action();
        Carry();
    }, (time, _number++));

    public void Open(string experiment, ShareTerms terms, Func<Random, double> length, SlotDemand? demand = null)
    {
        (_lengths[experiment], Used[experiment]) = (length, 0);
        Books.Open(experiment, terms, demand);
    }

    public void Join(int slots) => Books.Join([.. Enumerable.Repeat(SlotCapacity.None, slots)]);

    /// <summary>A node is gone with what runs on it.</summary>
    public void Lose(int node)
    {
        var lost = Books.Nodes[node];
        foreach (var slot in Enumerable.Range(lost.First, lost.Count))
            Stop(slot);
        Books.Lose(lost);
    }

    public void RunTo(double time)
    {
        while (_agenda.TryPeek(out var action, out var due) && due.Time <= time)
        {
            _agenda.Dequeue();
            Now = due.Time;
            action();
        }
        Now = time;
        foreach (var slot in _running.Keys.ToArray())
        {
            var (experiment, since, job) = _running[slot];
            Used[experiment] += Now - since;
            _running[slot] = (experiment, Now, job);
        }
    }

    private void Carry()
    {
        foreach (var grant in Books.Balance().Where(decision => decision.Action == PoolAction.Grant))
        {
            First.TryAdd(grant.Experiment, Now);
            Start(grant.Experiment, grant.Slot);
        }
    }

    private void Start(string experiment, int slot)
    {
        var job = _jobs++;
        _running[slot] = (experiment, Now, job);
        _agenda.Enqueue(() => End(slot, job), (Now + _lengths[experiment](_random), _number++));
    }

    private void End(int slot, int job)
    {
        if (!_running.TryGetValue(slot, out var running) || running.Job != job)
            return; // It was lost with its node.
        Stop(slot);
        if (Books.Idle(running.Experiment, slot))
            Carry();
        else
            Start(running.Experiment, slot);
    }

    private void Stop(int slot)
    {
        if (_running.Remove(slot, out var running))
            Used[running.Experiment] += Now - running.Since;
    }
}
