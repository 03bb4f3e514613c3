using Asha.Core.Experiments;

namespace Asha.Actors.Execution;

/// <summary>What was found where a checkpoint should be.</summary>
/// <param name="Path">Its full path; <c>null</c>: it must not be used.</param>
/// <param name="Fault">Why not: <see cref="EndingCause.CheckpointMissing"/> or <see cref="EndingCause.CheckpointCorrupt"/>.</param>
/// <param name="Detail">What does not fit.</param>
public sealed record CheckpointFinding(string? Path, EndingCause? Fault = null, string Detail = "");

/// <summary>The checkpoints of a run: what a trial reported is published here, and verified before it is used. What is deleted when: <see cref="CheckpointDeletions"/>; where all of it is: <see cref="CheckpointPlaces"/>.</summary>
public sealed class CheckpointStore(string runFolder)
{
    /// <summary>The problem of a path that leads nowhere.</summary>
    public const string Missing = "checkpoint does not exist";

    /// <summary>The end of the name of a manifest that is being written. One that is left over from a crash is none.</summary>
    internal const string Unfinished = ".unfinished";

    private bool _isRootOnDisk;

    internal CheckpointPlaces Places { get; } = new(runFolder);

    /// <summary>The folder into which an attempt writes.</summary>
    public string FolderOf(int trial, int attempt) => Places.FolderOf(trial, attempt);

    /// <summary>Makes it.</summary>
    /// <exception cref="IOException">A link is in its place, or in that of a folder above it, or it cannot be made.</exception>
    public string MakeFolder(int trial, int attempt) => Places.Make(trial, attempt);

    /// <summary>The full path of a checkpoint; <c>null</c>: it is not there, or links lead out of its attempt's folder.</summary>
    public string? Find(int trial, CheckpointRef checkpoint)
        => Problem(trial, checkpoint.Attempt, checkpoint.Path) is null ? Path.Combine(Places.FolderOf(trial, checkpoint.Attempt), checkpoint.Path) : null;

    /// <summary>Whether it was published here, or was brought here: its manifest is there, and something in its place.</summary>
    public bool Has(int trial, CheckpointRef checkpoint)
        => Problem(trial, checkpoint.Attempt, checkpoint.Path) is null && File.Exists(Places.ManifestOf(trial, checkpoint.Attempt, checkpoint.Path));

    /// <summary>What is wrong with a path that a trial reported, as far as the disk tells; <c>null</c>: nothing.</summary>
    public string? Problem(int trial, int attempt, string path) => Places.Real(trial, attempt, path, out _);

    /// <summary>
    /// Publishes what a trial reported: from now on it counts. Its files go to the disk first, then, under its name, the manifest; a crash in between leaves none. Reads all of it: not for an actor's thread.
    /// </summary>
    /// <returns>What is wrong; <c>null</c>: nothing, and <paramref name="bytes"/> is what the disk needs for the trial as long as it keeps this one.</returns>
    public string? Publish(int trial, int attempt, string path, double resource, out long bytes)
    {
        bytes = 0;
        try
        {
            if (Places.Real(trial, attempt, path, out var real) is { } problem)
                return problem;
            var manifest = new CheckpointManifest(CheckpointManifest.Current, path, resource, CheckpointFiles.HashName, CheckpointFiles.Secure(real));
            var home = Libc.RealPath(Places.FolderOf(trial, attempt))!;
            for (var folder = real; folder != home; Libc.SyncFolder(folder))
                folder = Path.GetDirectoryName(folder)!;
            manifest.Write(Places.ManifestOf(trial, attempt, path));
            Libc.SyncFolder(Places.Root);
            if (!_isRootOnDisk)
                Libc.SyncFolder(Path.GetDirectoryName(Places.Root)!);
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
        var manifest = Places.ManifestOf(trial, checkpoint.Attempt, checkpoint.Path);
        try
        {
            if (Places.Real(trial, checkpoint.Attempt, checkpoint.Path, out var real) is { } problem)
                return new(null, EndingCause.CheckpointMissing, problem == Missing ? "it is gone" : problem);
            var difference = !File.Exists(manifest) ? null
                : CheckpointManifest.Read(manifest) is { } read && read.Checkpoint == checkpoint.Path ? CheckpointFiles.Difference(real, read, stop) : "its manifest cannot be understood";
            return difference is null ? new(Path.Combine(Places.FolderOf(trial, checkpoint.Attempt), checkpoint.Path)) : new(null, EndingCause.CheckpointCorrupt, difference);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It may be whole, on a disk that does not answer now: that is no reason to give it up.
            return error is FileNotFoundException or DirectoryNotFoundException
                ? new(null, EndingCause.CheckpointCorrupt, error.Message)
                : new(null, EndingCause.StartFailed, $"the checkpoint '{checkpoint.Path}' of attempt {checkpoint.Attempt} cannot be read: {error.Message}");
        }
    }

    /// <summary>All of the attempt's folder but for what was published before, which goes.</summary>
    private long Allocated(int trial, int attempt, string path, string real)
    {
        var own = Places.ManifestOf(trial, attempt, path);
        var sum = CheckpointFiles.Allocated(Places.FolderOf(trial, attempt)) + FileStatus.Of(Places.FolderOf(trial)).Allocated + FileStatus.Of(own).Allocated;
        foreach (var (_, before) in Places.Others(trial, attempt, [own], [real]))
            sum -= CheckpointFiles.Allocated(before);
        return sum;
    }
}
