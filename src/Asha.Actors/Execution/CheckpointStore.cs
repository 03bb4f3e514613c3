using System.IO.Hashing;
using System.Text;
using Asha.Core.Experiments;

namespace Asha.Actors.Execution;

/// <summary>What was found where a checkpoint should be.</summary>
/// <param name="Path">Its full path; <c>null</c>: it must not be used.</param>
/// <param name="Fault">Why not: <see cref="EndingCause.CheckpointMissing"/> or <see cref="EndingCause.CheckpointCorrupt"/>.</param>
/// <param name="Detail">What does not fit.</param>
public sealed record CheckpointFinding(string? Path, EndingCause? Fault = null, string Detail = "");

/// <summary>
/// The checkpoints of a run: <c>checkpoints/trial-000012/attempt-3/…</c>, a folder of its own for each attempt; beside it, <c>attempt-3.4f1c09aa….json</c>, a manifest for each checkpoint in it.
/// </summary>
public sealed class CheckpointStore(string runFolder)
{
    /// <summary>The problem of a path that leads nowhere.</summary>
    public const string Missing = "checkpoint does not exist";

    /// <summary>The end of the name of a manifest that is being written. One that is left over from a crash is none.</summary>
    internal const string Unfinished = ".unfinished";

    private readonly string _run = Path.GetFullPath(runFolder);
    private readonly string _root = Path.Combine(Path.GetFullPath(runFolder), "checkpoints");
    private bool _isRootOnDisk;

    /// <summary>The folder into which an attempt writes.</summary>
    public string FolderOf(int trial, int attempt) => Path.Combine(FolderOf(trial), $"attempt-{attempt}");

    /// <summary>Makes it.</summary>
    /// <exception cref="IOException">A link is in its place, or in that of a folder above it, or it cannot be made.</exception>
    public string MakeFolder(int trial, int attempt)
    {
        OwnPath.MakeFolder(_run, FolderOf(trial, attempt));
        return FolderOf(trial, attempt);
    }

    /// <summary>The full path of a checkpoint; <c>null</c>: it is not there, or links lead out of its attempt's folder.</summary>
    public string? Find(int trial, CheckpointRef checkpoint)
        => Problem(trial, checkpoint.Attempt, checkpoint.Path) is null ? Path.Combine(FolderOf(trial, checkpoint.Attempt), checkpoint.Path) : null;

    /// <summary>What is wrong with a path that a trial reported, as far as the disk tells; <c>null</c>: nothing.</summary>
    public string? Problem(int trial, int attempt, string path) => Real(trial, attempt, path, out _);

    /// <summary>
    /// Publishes what a trial reported: from now on it counts. Its files go to the disk first, then, under its name, the manifest; a crash in between leaves none. Reads all of it: not for an actor's thread.
    /// </summary>
    /// <returns>What is wrong; <c>null</c>: nothing, and <paramref name="bytes"/> is what the disk needs for the trial as long as it keeps this one.</returns>
    public string? Publish(int trial, int attempt, string path, double resource, out long bytes)
    {
        bytes = 0;
        try
        {
            if (Real(trial, attempt, path, out var real) is { } problem)
                return problem;
            var manifest = new CheckpointManifest(CheckpointManifest.Current, path, resource, CheckpointFiles.HashName, CheckpointFiles.Secure(real));
            var home = Libc.RealPath(FolderOf(trial, attempt))!;
            for (var folder = real; folder != home; Libc.SyncFolder(folder))
                folder = Path.GetDirectoryName(folder)!;
            manifest.Write(ManifestOf(trial, attempt, path));
            Libc.SyncFolder(_root);
            if (!_isRootOnDisk)
                Libc.SyncFolder(Path.GetDirectoryName(_root)!);
            _isRootOnDisk = true;
            bytes = Allocated(trial, attempt, path, real);
            return null;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return Missing;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"checkpoint cannot be kept: {error.Message}";
        }
    }

    /// <summary>
    /// Looks whether a checkpoint is what was published. One without a manifest is of a version that wrote none, and is taken as it is; a manifest that does not fit says that it is corrupt. Reads all of it.
    /// </summary>
    public CheckpointFinding Verify(int trial, CheckpointRef checkpoint, CancellationToken stop)
    {
        var manifest = ManifestOf(trial, checkpoint.Attempt, checkpoint.Path);
        try
        {
            if (Real(trial, checkpoint.Attempt, checkpoint.Path, out var real) is { } problem)
                return new(null, EndingCause.CheckpointMissing, problem == Missing ? "it is gone" : problem);
            var difference = !File.Exists(manifest) ? null
                : CheckpointManifest.Read(manifest) is { } read && read.Checkpoint == checkpoint.Path ? CheckpointFiles.Difference(real, read, stop) : "its manifest cannot be understood";
            return difference is null ? new(Path.Combine(FolderOf(trial, checkpoint.Attempt), checkpoint.Path)) : new(null, EndingCause.CheckpointCorrupt, difference);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It may be whole, on a disk that does not answer now: that is no reason to give it up.
            return error is FileNotFoundException or DirectoryNotFoundException
                ? new(null, EndingCause.CheckpointCorrupt, error.Message)
                : new(null, EndingCause.StartFailed, $"the checkpoint '{checkpoint.Path}' of attempt {checkpoint.Attempt} cannot be read: {error.Message}");
        }
    }

    /// <summary>Deletes what a trial that is over has left. Whether nothing is left of it.</summary>
    public bool Discard(int trial) => OwnPath.IsReached(_run, FolderOf(trial)) && Delete(FolderOf(trial));

    /// <summary>Deletes what a trial's first attempts have left. A later one, which may be writing by now, is not touched. Whether nothing is left of them.</summary>
    public bool DiscardFirst(int trial, int attempts)
    {
        var deleted = true;
        for (var attempt = attempts; attempt > 0; attempt--)
            deleted &= DeleteAttempt(trial, attempt);
        RemoveIfEmpty(trial);
        return deleted;
    }

    /// <summary>Deletes what an attempt has left that published no checkpoint: nobody can go on from it.</summary>
    public void Discard(int trial, int attempt)
    {
        if (DeleteAttempt(trial, attempt))
            RemoveIfEmpty(trial);
    }

    private void RemoveIfEmpty(int trial)
    {
        try
        {
            Directory.Delete(FolderOf(trial));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another attempt's checkpoint is there.
        }
    }

    /// <summary>
    /// Deletes all that was published before <paramref name="newest"/> and is not among <paramref name="also"/>. What came later stays: its attempt may be running; and what was never published stays as long as its attempt's
    /// folder holds one that is needed, for that may need it.
    /// </summary>
    public bool Prune(int trial, CheckpointRef newest, IReadOnlyList<CheckpointRef>? also = null)
    {
        var kept = also is null ? [newest] : also.Append(newest).ToArray();
        var deleted = true;
        for (var attempt = newest.Attempt; attempt > 0; attempt--)
        {
            var here = kept.Where(one => one.Attempt == attempt).Select(one => one.Path).ToArray();
            deleted &= here.Length == 0 ? DeleteAttempt(trial, attempt) : DeletePublished(trial, attempt, here, attempt < newest.Attempt ? double.PositiveInfinity : newest.Resource);
        }
        return deleted;
    }

    /// <summary>
    /// After an engine was lost: deletes what it was to delete and had not yet, and what attempts had begun to write that are no more. What is needed is what the state says; what an attempt leaves that starts from now on is not touched.
    /// </summary>
    /// <param name="unneeded">The attempts that are over and have left nothing that is needed.</param>
    public void Tidy(IEnumerable<(int Trial, int Attempt)> unneeded)
    {
        // The trial's own folder stays, whatever is left in it: its next attempt may be making another one there.
        foreach (var (trial, attempt) in unneeded)
            DeleteAttempt(trial, attempt);
    }

    /// <summary>The attempts of which nothing is needed that the state knows; those that start later are not among them.</summary>
    public IReadOnlyList<(int Trial, int Attempt)> Unneeded(ExperimentState state)
    {
        var unneeded = new List<(int, int)>();
        foreach (var trial in state.Trials.Where(trial => Directory.Exists(FolderOf(trial.Trial))))
        {
            CheckpointRef[] needed = [.. trial.Checkpoints, .. trial.ResultCheckpoint is { } result ? [result] : Array.Empty<CheckpointRef>()];
            unneeded.AddRange(Enumerable.Range(1, trial.Attempt).Where(attempt => needed.All(one => one.Attempt != attempt)).Select(attempt => (trial.Trial, attempt)));
        }
        return unneeded;
    }

    /// <summary>The experiment is over for good, and none of its trials runs: only the best's is wanted. What a trial had saved and not reported, nobody could tell a node to delete.</summary>
    public void KeepBest(ExperimentState state)
    {
        if (!Directory.Exists(_root) || !OwnPath.IsReached(_run, FolderOf(0)))
            return;
        foreach (var folder in state.Trials.Where(trial => trial != state.Best).Select(trial => FolderOf(trial.Trial)).Where(Directory.Exists))
            Delete(folder);
    }

    private string FolderOf(int trial) => Path.Combine(_root, $"trial-{trial:D6}");

    /// <summary>A path may hold anything; its hash is a name.</summary>
    private string ManifestOf(int trial, int attempt, string path)
        => Path.Combine(FolderOf(trial), $"attempt-{attempt}.{Convert.ToHexStringLower(XxHash64.Hash(Encoding.UTF8.GetBytes(path)))}.json");

    private IEnumerable<string> Manifests(int trial, int attempt)
        => Directory.Exists(FolderOf(trial)) ? Directory.EnumerateFiles(FolderOf(trial), $"attempt-{attempt}.*.json") : [];

    /// <summary>The problem of a path, or, without one, what it leads to. A folder of ours in whose place a link was put is not ours any more, whatever it leads to.</summary>
    private string? Real(int trial, int attempt, string path, out string real)
    {
        var folder = FolderOf(trial, attempt);
        real = "";
        if (ReportLine.CheckpointProblem(path) is { } problem)
            return problem;
        // Both sides with links followed: the run folder itself may well be behind one.
        if (Libc.RealPath(folder) is not { } home || Libc.RealPath(Path.Combine(folder, path)) is not { } found)
            return Missing;
        real = found;
        return home == Path.GetFullPath(Path.GetRelativePath(_run, folder), Libc.RealPath(_run)!) && IsIn(found, home) ? null : "checkpoint leaves its folder";
    }

    /// <summary>All of the attempt's folder but for what was published before, which goes.</summary>
    private long Allocated(int trial, int attempt, string path, string real)
    {
        var own = ManifestOf(trial, attempt, path);
        var sum = CheckpointFiles.Allocated(FolderOf(trial, attempt)) + FileStatus.Of(FolderOf(trial)).Allocated + FileStatus.Of(own).Allocated;
        foreach (var (_, before) in Others(trial, attempt, [own], [real]))
            sum -= CheckpointFiles.Allocated(before);
        return sum;
    }

    /// <summary>Manifests other than these, with what they were written for, where that is there and is no part of what is kept, nor holds it.</summary>
    private IEnumerable<(string Manifest, string Path)> Others(int trial, int attempt, string[] manifests, string[] kept, double before = double.PositiveInfinity)
    {
        foreach (var manifest in Manifests(trial, attempt).Where(manifest => !manifests.Contains(manifest)).ToArray())
        {
            if (CheckpointManifest.Read(manifest) is { } other && other.Resource < before && ReportLine.CheckpointProblem(other.Checkpoint) is null
                && Real(trial, attempt, other.Checkpoint, out var real) is null && !kept.Any(path => IsIn(path, real) || IsIn(real, path)))
                yield return (manifest, real);
        }
    }

    private bool DeletePublished(int trial, int attempt, string[] kept, double before)
    {
        try
        {
            var real = kept.Select(path => Real(trial, attempt, path, out var found) is null ? found : "").Where(path => path.Length > 0).ToArray();
            var deleted = true;
            foreach (var (manifest, path) in Others(trial, attempt, [.. kept.Select(path => ManifestOf(trial, attempt, path))], real, before))
                deleted &= Delete(path) && Delete(manifest);
            return deleted;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private bool DeleteAttempt(int trial, int attempt)
    {
        if (!OwnPath.IsReached(_run, FolderOf(trial, attempt)))
            return false;
        try
        {
            var deleted = Delete(FolderOf(trial, attempt));
            foreach (var file in Directory.Exists(FolderOf(trial)) ? Directory.GetFiles(FolderOf(trial), $"attempt-{attempt}.*") : [])
                deleted &= Delete(file);
            return deleted;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool IsIn(string path, string folder) => path == folder || path.StartsWith(folder + "/", StringComparison.Ordinal);

    /// <summary>
    /// A checkpoint that cannot be deleted costs space and nothing else, so it stops nobody. Links are deleted themselves, not
    /// what they lead to: that is how <see cref="Directory.Delete(string, bool)"/> treats them.
    /// </summary>
    private static bool Delete(string path)
    {
        try
        {
            if (Directory.Exists(path))
                Directory.Delete(path, recursive: true);
            else
                File.Delete(path);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
