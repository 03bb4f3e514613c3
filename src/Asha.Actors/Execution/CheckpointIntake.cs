using Asha.Core.Experiments;

namespace Asha.Actors.Execution;

/// <summary>What came is not what its manifest says, or is no manifest of the checkpoint that was asked for.</summary>
public sealed class CheckpointDiffersException(string message) : Exception(message);

/// <summary>
/// A checkpoint that comes from another node: first its manifest, then each of its files, into a folder of its own beside the store; only what is as the manifest says is published, as if it had been written here. Whoever sends it is not believed: its paths stay in
/// that folder, and links, which are taken as what they are, are made when all files are written.
/// </summary>
/// <param name="store">Where it is to go.</param>
/// <param name="runFolder">The run's; the folder for what is coming is below.</param>
/// <param name="trial">Whose checkpoint it is.</param>
/// <param name="checkpoint">Which.</param>
/// <param name="attempt">The attempt that wants it, so that two do not write into one folder.</param>
public sealed class CheckpointIntake(CheckpointStore store, string runFolder, int trial, CheckpointRef checkpoint, int attempt) : IDisposable
{
    private readonly string _folder = Path.Combine(FolderOf(runFolder), $"trial-{trial:D6}.{attempt}");
    private CheckpointManifest? _manifest;

    private string Content => Path.Combine(_folder, "content");

    /// <summary>Where a run keeps what is coming. What is there when nothing comes is of a process that was killed.</summary>
    public static string FolderOf(string runFolder) => Path.Combine(Path.GetFullPath(runFolder), "fetching");

    /// <summary>The most bytes that a manifest may have.</summary>
    public static long MostManifestBytes => CheckpointManifest.MostBytes;

    /// <summary>Makes the folder, anew.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public void Begin()
    {
        OwnPath.MakeFolder(runFolder, FolderOf(runFolder));
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
        OwnPath.MakeFolder(runFolder, _folder);
    }

    /// <summary>A file to write the manifest to.</summary>
    public FileStream CreateManifest() => OwnPath.Create(Path.Combine(_folder, "manifest.json"));

    /// <summary>Reads what was written there.</summary>
    /// <returns>The files that are to come, with their sizes in bytes.</returns>
    /// <exception cref="CheckpointDiffersException">It cannot be believed.</exception>
    public IReadOnlyList<(string Path, long Size)> ReadManifest()
    {
        _manifest = CheckpointManifest.Read(Path.Combine(_folder, "manifest.json")) is { IsConfined: true } read && read.Checkpoint == checkpoint.Path ? read : throw new CheckpointDiffersException("its manifest cannot be understood");
        if (_manifest.Files is not [{ Path: "" }])
            Directory.CreateDirectory(Content);
        return [.. _manifest.Files.Where(entry => entry.Hash is not null).Select(entry => (entry.Path, entry.Size))];
    }

    /// <summary>A file to write one of them to, from its beginning.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public FileStream Create(string file)
    {
        var full = Full(file);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        return OwnPath.Create(full);
    }

    /// <summary>Publishes it, if all has come. Reads all of it.</summary>
    /// <exception cref="CheckpointDiffersException">It is not what its manifest says.</exception>
    /// <exception cref="IOException">It cannot be kept.</exception>
    public void Publish()
    {
        var manifest = _manifest!;
        foreach (var link in manifest.Files.Where(entry => entry.Link is not null))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Full(link.Path))!);
            File.CreateSymbolicLink(Full(link.Path), link.Link!);
        }
        // Nothing else is there: what is hashed as it goes to the disk is what has to be in the manifest.
        if (!CheckpointFiles.Secure(Content).ToHashSet().SetEquals(manifest.Files))
            throw new CheckpointDiffersException(CheckpointFiles.Difference(Content, manifest, CancellationToken.None) ?? "it is not what its manifest says");
        var home = store.MakeFolder(trial, checkpoint.Attempt);
        var place = Path.Combine(home, checkpoint.Path);
        OwnPath.MakeFolder(home, Path.GetDirectoryName(place)!);
        // Without a manifest it is what a process left that was killed right here.
        if (Directory.Exists(place))
            Directory.Delete(place, recursive: true);
        else
            File.Delete(place);
        Directory.Move(Content, place);
        for (var folder = Path.GetDirectoryName(place)!; folder.Length >= home.Length; folder = Path.GetDirectoryName(folder)!)
            Libc.SyncFolder(folder);
        manifest.Write(store.Places.ManifestOf(trial, checkpoint.Attempt, checkpoint.Path));
    }

    /// <summary>What was not published goes.</summary>
    public void Dispose()
    {
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It goes before the next one comes.
        }
    }

    private string Full(string file) => file.Length == 0 ? Content : Path.Combine(Content, file);
}
