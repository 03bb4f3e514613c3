using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Actors;

/// <summary>
/// Says which checkpoints are needed no longer: those of trials that no rung can promote any more, and, when a trial has a new result, those from before it. The best
/// trial keeps the one that its result can be repeated from.
/// </summary>
/// <param name="state">The experiment.</param>
/// <param name="outbox">Nothing is deleted before what it follows from is in the journal.</param>
public sealed class CheckpointKeeper(ExperimentState state, Outbox outbox)
{
    /// <summary>The nodes on which a trial has left a checkpoint, of the trials that have any.</summary>
    private readonly SortedDictionary<int, List<IActorRef>> _nodes = [];

    /// <summary>The trial has a result, or failed for good; <paramref name="node"/> ran it.</summary>
    public void Ended(TrialState trial, IActorRef node)
    {
        if (trial.Checkpoint is null)
            return;
        var nodes = _nodes.TryGetValue(trial.Trial, out var known) ? known : _nodes[trial.Trial] = [];
        if (!nodes.Contains(node))
            nodes.Add(node);
        if (trial.ResultCheckpoint is { } keep)
            Send(trial.Trial, keep);
    }

    /// <summary>No rung can promote these trials any more.</summary>
    public void Release(IReadOnlyList<int> trials)
    {
        for (var index = 0; index < trials.Count; index++)
        {
            var trial = trials[index];
            if (state.Best?.Trial == trial)
                continue;
            Send(trial, null);
            _nodes.Remove(trial);
        }
    }

    /// <summary>The experiment is over, and nobody will go on with it.</summary>
    public void ReleaseAll() => Release([.. _nodes.Keys]);

    private void Send(int trial, CheckpointRef? keep)
    {
        if (!_nodes.TryGetValue(trial, out var nodes))
            return;
        foreach (var node in nodes)
            outbox.Send(node, new ReleaseCheckpoints(trial, keep));
    }
}
