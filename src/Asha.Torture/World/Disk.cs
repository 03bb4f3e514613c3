using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Torture.World;

/// <summary>The checkpoints that all nodes see, as the engine's own store keeps and deletes them.</summary>
internal sealed class Disk
{
    private readonly Dictionary<int, List<CheckpointRef>> _kept = [];

    private readonly HashSet<(int Trial, int Attempt, string Path)> _destroyed = [];

    public void Publish(int trial, int attempt, TrialReport report)
    {
        var kept = _kept.TryGetValue(trial, out var known) ? known : _kept[trial] = [];
        _destroyed.Remove((trial, attempt, report.Checkpoint!));
        kept.RemoveAll(one => one.Attempt == attempt && one.Path == report.Checkpoint);
        kept.Add(new CheckpointRef(attempt, report.Checkpoint!, report.Resource));
    }

    public bool Has(int trial, CheckpointRef wanted) => _kept.TryGetValue(trial, out var kept) && kept.Exists(one => one.Attempt == wanted.Attempt && one.Path == wanted.Path);

    /// <summary>Whether it is gone by nobody's will.</summary>
    public bool IsDestroyed(int trial, CheckpointRef wanted) => _destroyed.Contains((trial, wanted.Attempt, wanted.Path));

    public void Destroy(int trial, CheckpointRef lost)
    {
        _destroyed.Add((trial, lost.Attempt, lost.Path));
        Forget(trial, lost);
    }

    private void Forget(int trial, CheckpointRef lost) => _kept[trial].RemoveAll(one => one.Attempt == lost.Attempt && one.Path == lost.Path);

    /// <summary>What came after the one that is kept stays: its attempt may be running.</summary>
    public void Release(ReleaseCheckpoints release)
    {
        if (!_kept.TryGetValue(release.Trial, out var kept))
            return;
        if (release.Keep is not { } keep)
            kept.RemoveAll(one => !(one.Attempt > release.Attempts));
        else
            kept.RemoveAll(one => (one.Attempt < keep.Attempt || one.Attempt == keep.Attempt && one.Resource < keep.Resource) && release.Also?.Any(also => also.Attempt == one.Attempt && also.Path == one.Path) != true);
    }
}
