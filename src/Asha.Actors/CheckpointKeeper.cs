using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Actors;

/// <summary>
/// Tells nodes which checkpoints are needed no longer: those of trials that no rung can promote any more, or that <see cref="CheckpointRules"/> names; when a trial has a new result, those from before it; while it runs, those before its newest two, for the newest may
/// turn out to be corrupt. The best trial keeps the one that its result can be repeated from. All nodes are told that the trial has been on: one may have what it left there, and another what it fetched from there.
/// </summary>
/// <param name="state">The experiment.</param>
/// <param name="outbox">Nothing is deleted before what it follows from is in the journal.</param>
/// <param name="run">Whose trials they are, for nodes that have several runs'.</param>
public sealed class CheckpointKeeper(ExperimentState state, Outbox outbox, string? run = null)
{
    private readonly NodeAddresses _nodes = new(outbox, isOneMachine: run is null);

    /// <summary>The trials that have left checkpoints.</summary>
    private readonly HashSet<int> _left = [];

    /// <summary>The brackets before this one are over, and hold nothing but the best of all.</summary>
    private int _firstOpen;

    /// <summary>Trials whose checkpoints nobody needs, by what was rebuilt; <c>null</c>: nothing was, or that has been seen to.</summary>
    private List<int>? _unneeded;

    /// <summary>A rung that was rebuilt can never promote these.</summary>
    public void Restored(IReadOnlyList<int> released) => (_unneeded ??= []).AddRange(released);

    /// <summary>Slots were granted, of these nodes.</summary>
    public void Meet(IReadOnlyList<GrantSlot> slots)
    {
        for (var index = 0; index < slots.Count; index++)
            _nodes.Meet(slots[index].Node, slots[index].Address);
        if (_unneeded is not null)
            Adopt(_unneeded);
    }

    /// <summary>The trial has a result, or failed for good.</summary>
    public void Ended(TrialState trial)
    {
        if (trial.Checkpoint is not null || trial.ResultCheckpoint is not null)
        {
            _left.Add(trial.Trial);
            if (trial.ResultCheckpoint is { } keep && (keep.Attempt > 1 || trial.HasOlderCheckpoints))
                Send(trial.Trial, keep);
        }
        Release(state.UnneededAfter(trial));
    }

    /// <summary>A message that ranks nothing; it may have brought a checkpoint of a trial that runs on.</summary>
    public void Reported(JobReport report)
    {
        if (state.Ended is not null || report.Trial < 0 || report.Trial >= state.Trials.Count || !report.Reports.Any(published => published.Checkpoint is not null))
            return;
        var trial = state.Trials[report.Trial];
        if (!trial.IsRunning || trial.Attempt != report.Attempt || trial.Checkpoint is null)
            return;
        _left.Add(trial.Trial);
        if (trial is not { Checkpoint: { } newest, CheckpointBefore: { } before })
            return; // There is no third one.
        var result = state.Best == trial && trial.ResultCheckpoint is { } best && best != newest && best != before ? best : null;
        Send(trial.Trial, newest, result is null ? [before] : [before, result]);
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
    public void ReleaseAll() => Release([.. _left.Order()]);

    /// <summary>Of what an engine before has left goes what nobody needs: it may have been lost before it could say so.</summary>
    private void Adopt(List<int> unneeded)
    {
        _unneeded = null;
        _left.UnionWith(state.Trials.Where(trial => trial.Checkpoint is not null || trial.ResultCheckpoint is not null).Select(trial => trial.Trial));
        ReleaseClosed();
        Release(unneeded);
        Release([.. _left.Where(trial => !state.MayGoOn(trial)).Order()]);
    }

    private void Release(int trial)
    {
        if (state.Best?.Trial == trial || !_left.Contains(trial))
            return;
        Send(trial, attempts: state.Trials[trial].Attempt);
        _left.Remove(trial);
    }

    private void Send(int trial, CheckpointRef? keep = null, IReadOnlyList<CheckpointRef>? also = null, int? attempts = null)
    {
        if (_left.Contains(trial))
            _nodes.Tell(state.Trials[trial].Moves, new ReleaseCheckpoints(trial, keep, also, attempts, run));
    }
}
