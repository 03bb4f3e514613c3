using Asha.Core.Experiments;

namespace Asha.Actors.Execution;

/// <summary>The checkpoints of a run: <c>checkpoints/trial-000012/attempt-3/…</c>, a folder of its own for each attempt.</summary>
public sealed class CheckpointStore(string runFolder)
{
    /// <summary>The problem of a path that leads nowhere.</summary>
    public const string Missing = "checkpoint does not exist";

    private readonly string _root = Path.Combine(Path.GetFullPath(runFolder), "checkpoints");

    /// <summary>The folder into which an attempt writes.</summary>
    public string FolderOf(int trial, int attempt) => Path.Combine(FolderOf(trial), $"attempt-{attempt}");

    /// <summary>The full path of a checkpoint; <c>null</c>: it is not there, or links lead out of its attempt's folder.</summary>
    public string? Find(int trial, CheckpointRef checkpoint)
        => Problem(trial, checkpoint.Attempt, checkpoint.Path) is null ? Path.Combine(FolderOf(trial, checkpoint.Attempt), checkpoint.Path) : null;

    /// <summary>What is wrong with a path that a trial reported, as far as the disk tells; <c>null</c>: nothing.</summary>
    public string? Problem(int trial, int attempt, string path)
    {
        var folder = FolderOf(trial, attempt);
        // Both sides with links followed: the run folder itself may well be behind one.
        if (Libc.RealPath(folder) is not { } home || Libc.RealPath(Path.Combine(folder, path)) is not { } real)
            return Missing;
        return real == home || real.StartsWith(home + "/", StringComparison.Ordinal) ? null : "checkpoint leaves its folder";
    }

    /// <summary>Deletes what a trial that is over has left. Whether nothing is left of it.</summary>
    public bool Discard(int trial) => Delete(FolderOf(trial));

    /// <summary>Deletes what an attempt has left that published no checkpoint: nobody can go on from it.</summary>
    public void Discard(int trial, int attempt)
    {
        Delete(FolderOf(trial, attempt));
        try
        {
            Directory.Delete(FolderOf(trial));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // An earlier attempt's checkpoint is there.
        }
    }

    /// <summary>
    /// Deletes the attempts before the one that wrote <paramref name="newest"/>. Later ones stay: one of them may be running.
    /// </summary>
    public bool Prune(int trial, CheckpointRef newest)
    {
        var deleted = true;
        for (var attempt = newest.Attempt - 1; attempt > 0; attempt--)
            deleted &= Delete(FolderOf(trial, attempt));
        return deleted;
    }

    private string FolderOf(int trial) => Path.Combine(_root, $"trial-{trial:D6}");

    /// <summary>
    /// A checkpoint that cannot be deleted costs space and nothing else, so it stops nobody. Links are deleted themselves, not
    /// what they lead to: that is how <see cref="Directory.Delete(string, bool)"/> treats them.
    /// </summary>
    private static bool Delete(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
