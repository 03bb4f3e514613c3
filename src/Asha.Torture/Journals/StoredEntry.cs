using Asha.Actors.Persistence;
using Asha.Core.Experiments;

namespace Asha.Torture.Journals;

/// <summary>An entry of a journal as a database has it: bytes, and what they are.</summary>
/// <param name="Id">Whose journal.</param>
/// <param name="Number">Its place there, from 1.</param>
/// <param name="Serializer">The serializer's number.</param>
/// <param name="Manifest">For the serializer.</param>
public sealed record StoredEntry(string Id, long Number, int Serializer, string Manifest, byte[] Bytes)
{
    private IReadOnlyList<ExperimentEvent>? _events;

    /// <summary>The actor that wrote it.</summary>
    public string Writer { get; init; } = "";

    /// <summary>What it says, read from its bytes the first time somebody asks.</summary>
    public IReadOnlyList<ExperimentEvent> Events => _events ??= [.. EventLines.ReadIntact(Bytes)];
}

/// <summary>A snapshot as a database has it.</summary>
public sealed record StoredSnapshot(string Id, long Number, DateTime Saved, int Serializer, string Manifest, byte[] Bytes);
