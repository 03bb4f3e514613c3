using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Actors;

/// <summary>
/// Tells nodes which checkpoints are needed no longer: those of trials that no rung can promote any more, or that <see cref="CheckpointRules"/> names; when a trial has a new result, those from before it; while it runs, those before its newest two, for the newest may
/// turn out to be corrupt. The best trial keeps the one that its result can be repeated from.
/// </summary>
/// <param name="state">The experiment.</param>
/// <param name="outbox">Nothing is deleted before what it follows from is in the journal.</param>
/// <param name="run">Whose trials they are, for nodes that have several runs'.</param>
public sealed class CheckpointKeeper(ExperimentState state, Outbox outbox, string? run = null)
{
    /// <summary>The node on which a trial has left its newest checkpoint, of the trials that have any.</summary>
    private readonly Dictionary<int, IActorRef> _nodes = [];

    /// <summary>The nodes on which it has left others: few trials ever move.</summary>
    private readonly Dictionary<int, List<IActorRef>> _others = [];

    /// <summary>The brackets before this one are over, and hold nothing but the best of all.</summary>
    private int _firstOpen;

    /// <summary>Trials whose checkpoints nobody needs, by what was rebuilt; on what node they are is known when one joins.</summary>
    private List<int>? _unneeded;

    /// <summary>Whether it is not known on what node those are that an engine before has left.</summary>
    public bool IsHomeless => _unneeded is not null;

    /// <summary>A rung that was rebuilt can never promote these.</summary>
    public void Restored(IReadOnlyList<int> released) => (_unneeded ??= []).AddRange(released);

    /// <summary>What an engine before has left is on <paramref name="node"/>. What nobody needs of it goes: the engine may have been lost before it could say so.</summary>
    public void Adopt(IActorRef node)
    {
        foreach (var trial in state.Trials.Where(trial => trial.Checkpoint is not null || trial.ResultCheckpoint is not null))
            _nodes[trial.Trial] = node;
        ReleaseClosed();
        Release(_unneeded!);
        Release([.. _nodes.Keys.Where(trial => !state.MayGoOn(trial)).Order()]);
        _unneeded = null;
    }

    /// <summary>The trial has a result, or failed for good; <paramref name="node"/> ran it.</summary>
    public void Ended(TrialState trial, IActorRef node)
    {
        if (trial.Checkpoint is not null || trial.ResultCheckpoint is not null)
        {
            Left(trial.Trial, node);
            if (trial.ResultCheckpoint is { } keep && (keep.Attempt > 1 || trial.HasOlderCheckpoints))
                Send(new ReleaseCheckpoints(trial.Trial, keep));
        }
        foreach (var unneeded in state.UnneededAfter(trial))
            Release(unneeded);
    }

    /// <summary>A message that ranks nothing; it may have brought a checkpoint of a trial that runs on, on <paramref name="node"/>.</summary>
    public void Reported(JobReport report, IActorRef node)
    {
        if (state.Ended is not null || report.Trial < 0 || report.Trial >= state.Trials.Count || !report.Reports.Any(published => published.Checkpoint is not null))
            return;
        var trial = state.Trials[report.Trial];
        if (!trial.IsRunning || trial.Attempt != report.Attempt || trial.Checkpoint is null)
            return;
        Left(trial.Trial, node);
        if (trial.Checkpoints is not [var newest, var before])
            return; // There is no third one.
        var result = state.Best == trial && trial.ResultCheckpoint is { } best && best != newest && best != before ? best : null;
        Send(new ReleaseCheckpoints(trial.Trial, newest, result is null ? [before] : [before, result]));
    }

    /// <summary>Another bracket was opened: others may be over.</summary>
    public void ReleaseClosed()
    {
        foreach (var unneeded in state.UnneededFrom(_firstOpen))
            Release(unneeded);
        _firstOpen = state.FirstOpen;
    }

    /// <summary>No rung can promote these trials any more.</summary>
    public void Release(IReadOnlyList<int> trials)
    {
        for (var index = 0; index < trials.Count; index++)
            Release(trials[index]);
    }

    /// <summary>The experiment is over, and nobody will go on with it.</summary>
    public void ReleaseAll() => Release([.. _nodes.Keys.Order()]);

    private void Release(int trial)
    {
        if (state.Best?.Trial == trial || !_nodes.ContainsKey(trial))
            return;
        Send(new ReleaseCheckpoints(trial, Attempts: state.Trials[trial].Attempt));
        _nodes.Remove(trial);
        _others.Remove(trial);
    }

    private void Left(int trial, IActorRef node)
    {
        if (_nodes.TryGetValue(trial, out var before) && !before.Equals(node))
            (_others.TryGetValue(trial, out var known) ? known : _others[trial] = []).Add(before);
        _nodes[trial] = node;
    }

    private void Send(ReleaseCheckpoints release)
    {
        if (!_nodes.TryGetValue(release.Trial, out var newest))
            return;
        release = release with { Run = run };
        outbox.Send(newest, release);
        foreach (var node in _others.TryGetValue(release.Trial, out var others) ? others.Distinct() : [])
        {
            if (!node.Equals(newest))
                outbox.Send(node, release);
        }
    }
}
