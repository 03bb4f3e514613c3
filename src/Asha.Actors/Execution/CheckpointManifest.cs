using System.Text.Json;
using System.Text.Json.Serialization;

namespace Asha.Actors.Execution;

/// <summary>A file of a checkpoint, or a link.</summary>
/// <param name="Path">Relative to the checkpoint, with <c>/</c>; empty: the checkpoint is this one file.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Hash">Of its bytes; <c>null</c>: it is a link.</param>
/// <param name="Link">Where the link leads, as it says; it is not followed.</param>
internal sealed record ManifestEntry(string Path, long Size = 0, string? Hash = null, string? Link = null);

/// <summary>
/// What a checkpoint is, written by the engine when the trial reports it (docs/decisions/018-checkpoints.md). It is there under its own name only when all of the checkpoint is on the disk.
/// </summary>
/// <param name="Version">1; a later one is not guessed at.</param>
/// <param name="Checkpoint">Its path, as reported, in its attempt's folder.</param>
/// <param name="Resource">What was trained.</param>
/// <param name="Hash">The name of the hash.</param>
/// <param name="Files">By path.</param>
internal sealed record CheckpointManifest(int Version, string Checkpoint, double Resource, string Hash, IReadOnlyList<ManifestEntry> Files)
{
    public const int Current = 1;

    /// <summary>256 MiB: a million files. A trial may write over a manifest, and whatever it puts there is not held in memory.</summary>
    public const long MostBytes = 256L << 20;

    /// <summary>Whether it can be believed of somebody who may be lying: each entry is a file or a link, no path leads elsewhere, and none goes through another entry.</summary>
    public bool IsConfined => Files is [{ Path: "", Hash: not null, Link: null, Size: >= 0 }] || (Files.All(IsPlain) && Files.Select(entry => entry.Path).ToHashSet() is var paths && paths.Count == Files.Count && !Files.Any(entry => FoldersOf(entry.Path).Any(paths.Contains)));

    private static bool IsPlain(ManifestEntry entry)
        => entry.Hash is null != entry.Link is null && entry.Size >= 0 && ReportLine.CheckpointProblem(entry.Path) is null && !entry.Path.Split('/').Any(part => part is "" or ".");

    private static IEnumerable<string> FoldersOf(string path)
    {
        for (var at = path.IndexOf('/'); at >= 0; at = path.IndexOf('/', at + 1))
            yield return path[..at];
    }

    /// <summary>Reads a manifest; <c>null</c>: it is cut short, not one, or of a later version.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static CheckpointManifest? Read(string path)
    {
        // A pipe would be waited for, and a link may lead anywhere.
        if (FileStatus.Of(path).Kind != FileKind.File || new FileInfo(path).Length > MostBytes)
            return null;
        try
        {
            using var file = File.OpenRead(path);
            return JsonSerializer.Deserialize(file, ManifestJson.Default.CheckpointManifest) is { Version: Current, Hash: CheckpointFiles.HashName } manifest && !manifest.Files.Contains(null!) ? manifest : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Writes it under another name, to the disk, and gives it its own: whoever finds it finds it whole.</summary>
    public void Write(string path)
    {
        var unfinished = path + CheckpointStore.Unfinished;
        using (var file = OwnPath.Create(unfinished))
        {
            JsonSerializer.Serialize(file, this, ManifestJson.Default.CheckpointManifest);
            file.Flush(flushToDisk: true);
        }
        File.Move(unfinished, path, overwrite: true);
        Libc.SyncFolder(Path.GetDirectoryName(path)!);
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(CheckpointManifest))]
internal sealed partial class ManifestJson : JsonSerializerContext;
