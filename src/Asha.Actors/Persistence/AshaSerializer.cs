using Akka.Actor;
using Akka.Serialization;

namespace Asha.Actors.Persistence;

/// <summary>
/// Akka's way into <see cref="AshaFormat"/>, and into a journal, whose entries are the lines of <c>events.jsonl</c> as they are. No type name ever crosses; an unknown manifest is an error.
/// </summary>
public sealed class AshaSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>Of a journal's entries: lines that each begin with their own manifest.</summary>
    public const string EntryManifest = "events.1";

    /// <summary>Part of the wire format: never to be changed.</summary>
    public const int Number = 1810;

    private readonly AshaFormat _format = new(system);

    public override int Identifier => Number;

    public override string Manifest(object o) => o is JournalEntry ? EntryManifest : AshaFormat.ManifestOf(o);

    public override byte[] ToBinary(object obj) => obj is JournalEntry entry ? entry.Lines : _format.Write(obj);

    public override object FromBinary(byte[] bytes, string manifest) => manifest == EntryManifest ? new JournalEntry(bytes) : _format.Read(bytes, manifest);
}
