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
    /// <summary>The node on which a trial has left its newest checkpoint, of the trials that have any.</summary>
    private readonly Dictionary<int, IActorRef> _nodes = [];

    /// <summary>The nodes on which it has left others: few trials ever move.</summary>
    private readonly Dictionary<int, List<IActorRef>> _others = [];

    /// <summary>The brackets before this one are over, and hold nothing but the best of all.</summary>
    private int _firstOpen;

    private int? _best;

    /// <summary>The trial has a result, or failed for good; <paramref name="node"/> ran it.</summary>
    public void Ended(TrialState trial, IActorRef node)
    {
        if (trial.Checkpoint is null)
            return;
        if (_nodes.TryGetValue(trial.Trial, out var before) && !before.Equals(node))
            (_others.TryGetValue(trial.Trial, out var known) ? known : _others[trial.Trial] = []).Add(before);
        _nodes[trial.Trial] = node;
        // Those of the attempt itself are kept together; before the first one there are none.
        if (trial.ResultCheckpoint is { Attempt: > 1 } keep)
            Send(trial.Trial, keep);
        // A rung keeps its best as long as its bracket goes on.
        if (_best is { } former && former != state.Best?.Trial && state.Trials[former].Bracket < _firstOpen)
            Release([former]);
        _best = state.Best?.Trial;
    }

    /// <summary>The brackets before this one are over: nobody goes on from what their trials left.</summary>
    public void ReleaseBefore(int firstOpen)
    {
        for (; _firstOpen < firstOpen; _firstOpen++)
        {
            var bracket = state.Brackets[_firstOpen];
            Release([.. Enumerable.Range(bracket.FirstTrial, bracket.Sampled).Where(_nodes.ContainsKey)]);
        }
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
            _others.Remove(trial);
        }
    }

    /// <summary>The experiment is over, and nobody will go on with it.</summary>
    public void ReleaseAll() => Release([.. _nodes.Keys.Order()]);

    private void Send(int trial, CheckpointRef? keep)
    {
        if (!_nodes.TryGetValue(trial, out var newest))
            return;
        var release = new ReleaseCheckpoints(trial, keep);
        outbox.Send(newest, release);
        foreach (var node in _others.TryGetValue(trial, out var others) ? others.Distinct() : [])
        {
            if (!node.Equals(newest))
                outbox.Send(node, release);
        }
    }
}
