using Akka.Actor;
using Akka.Serialization;

namespace Asha.Actors.Persistence;

/// <summary>Akka's way into <see cref="AshaFormat"/>. No type name ever crosses; an unknown manifest is an error.</summary>
public sealed class AshaSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private readonly AshaFormat _format = new(system);

    /// <summary>Part of the wire format: never to be changed.</summary>
    public override int Identifier => 1810;

    public override string Manifest(object o) => AshaFormat.ManifestOf(o);

    public override byte[] ToBinary(object obj) => _format.Write(obj);

    public override object FromBinary(byte[] bytes, string manifest) => _format.Read(bytes, manifest);
}
