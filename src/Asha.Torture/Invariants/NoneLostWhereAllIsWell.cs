using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Torture.Invariants;

/// <summary>
/// A job is given to somebody else because its node was lost only if something happened to that node, or to its connection, or it runs the attempt no more: whoever follows a supervisor or takes a run over waits until the nodes that live have said what they run.
/// One whose slots get other numbers is lost by the journal, and back with the next line: that is no loss.
/// </summary>
public sealed class NoneLostWhereAllIsWell : Invariant
{
    private readonly HashSet<string> _harmed = [];
    private readonly HashSet<(int Trial, int Attempt)> _running = [];
    private readonly Dictionary<int, string> _nodes = [];
    private readonly Dictionary<int, AttemptLost> _lost = [];

    public override string Name => "no job is taken from a node that nothing happened to";

    public override void Harmed(TimeSpan now, string node) => _harmed.Add(node);

    public override void Began(TimeSpan now, NodeSlot slot, StartJob job) => _running.Add((job.Trial, job.Attempt));

    public override void Gone(TimeSpan now, NodeSlot slot, int trial, int attempt) => _running.Remove((trial, attempt));

    public override void Committed(TimeSpan now, IReadOnlyList<ExperimentEvent> events)
    {
        foreach (var happened in events)
            Take(happened);
    }

    private void Take(ExperimentEvent happened)
    {
        switch (happened)
        {
            case SlotJoined joined: _nodes[joined.Slot] = joined.Node; break;
            case AttemptLost { Cause: "node-lost" } lost: _lost[lost.Trial] = lost; break;
            case AttemptRegained regained: _lost.Remove(regained.Trial); break;
            case JobStarted started when _lost.Remove(started.Trial, out var lost):
                Judge(_harmed.Contains(_nodes[lost.Slot]) || !_running.Contains((lost.Trial, lost.Attempt)), $"{started}, and attempt {lost.Attempt}, lost at {lost.Time}, runs on {_nodes[lost.Slot]}, to which nothing has happened", started.Trial, started.Slot);
                break;
        }
    }
}
