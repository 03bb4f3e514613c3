using System.IO.Hashing;
using System.Text;

namespace Asha.Actors.Execution;

/// <summary>
/// Where the checkpoints of a run are: <c>checkpoints/trial-000012/attempt-3/…</c>, a folder of its own for each attempt; beside it, <c>attempt-3.4f1c09aa….json</c>, a manifest for each checkpoint in it.
/// </summary>
internal sealed class CheckpointPlaces(string runFolder)
{
    private readonly string _run = Path.GetFullPath(runFolder);

    /// <summary>The folder of all of them.</summary>
    public string Root { get; } = Path.Combine(Path.GetFullPath(runFolder), "checkpoints");

    /// <summary>All that a trial has left.</summary>
    public string FolderOf(int trial) => Path.Combine(Root, $"trial-{trial:D6}");

    /// <summary>The folder into which an attempt writes.</summary>
    public string FolderOf(int trial, int attempt) => Path.Combine(FolderOf(trial), $"attempt-{attempt}");

    /// <summary>Makes it.</summary>
    /// <exception cref="IOException">A link is in its place, or in that of a folder above it, or it cannot be made.</exception>
    public string Make(int trial, int attempt)
    {
        OwnPath.MakeFolder(_run, FolderOf(trial, attempt));
        return FolderOf(trial, attempt);
    }

    /// <summary>Opens a file below the run's folder; <c>null</c>: there is none, or a link on the way there.</summary>
    public FileStream? Open(string path) => OwnPath.OpenToRead(_run, path);

    /// <summary>Whether nothing but folders leads from the run's folder to where <paramref name="path"/> is, or would be.</summary>
    public bool IsReached(string path) => OwnPath.IsReached(_run, path);

    /// <summary>A path may hold anything; its hash is a name.</summary>
    public string ManifestOf(int trial, int attempt, string path)
        => Path.Combine(FolderOf(trial), $"attempt-{attempt}.{Convert.ToHexStringLower(XxHash64.Hash(Encoding.UTF8.GetBytes(path)))}.json");

    private IEnumerable<string> Manifests(int trial, int attempt)
        => Directory.Exists(FolderOf(trial)) ? Directory.EnumerateFiles(FolderOf(trial), $"attempt-{attempt}.*.json") : [];

    /// <summary>The problem of a path, or, without one, what it leads to. A folder of ours in whose place a link was put is not ours any more, whatever it leads to.</summary>
    public string? Real(int trial, int attempt, string path, out string real)
    {
        var folder = FolderOf(trial, attempt);
        real = "";
        if (ReportLine.CheckpointProblem(path) is { } problem)
            return problem;
        // Both sides with links followed: the run folder itself may well be behind one.
        if (Libc.RealPath(folder) is not { } home || Libc.RealPath(Path.Combine(folder, path)) is not { } found)
            return CheckpointStore.Missing;
        real = found;
        return home == Path.GetFullPath(Path.GetRelativePath(_run, folder), Libc.RealPath(_run)!) && IsIn(found, home) ? null : "checkpoint leaves its folder";
    }

    /// <summary>Manifests other than these, with what they were written for, where that is there and is no part of what is kept, nor holds it.</summary>
    public IEnumerable<(string Manifest, string Path)> Others(int trial, int attempt, string[] manifests, string[] kept, double before = double.PositiveInfinity)
    {
        foreach (var manifest in Manifests(trial, attempt).Where(manifest => !manifests.Contains(manifest)).ToArray())
        {
            if (CheckpointManifest.Read(manifest) is { } other && other.Resource < before && ReportLine.CheckpointProblem(other.Checkpoint) is null
                && Real(trial, attempt, other.Checkpoint, out var real) is null && !kept.Any(path => IsIn(path, real) || IsIn(real, path)))
                yield return (manifest, real);
        }
    }

    private static bool IsIn(string path, string folder) => path == folder || path.StartsWith(folder + "/", StringComparison.Ordinal);
}
