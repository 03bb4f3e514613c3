using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace Asha.Cluster.Security;

/// <summary>
/// Stands under the number of a serializer of Akka's that makes objects of whatever type the bytes name, and makes none. To take away its bindings would keep it from writing; a peer could still have it read, by its number.
/// </summary>
public abstract class RefusingSerializer(ExtendedActorSystem system) : Serializer(system)
{
    public override bool IncludeManifest => true;

    public override byte[] ToBinary(object obj) => throw new RefusedTypeException($"{obj.GetType().Name} has no format of its own, and is not sent");

    public override object FromBinary(byte[] bytes, Type type) => throw new RefusedTypeException("something without a format of its own came in, and was not read");
}

/// <summary>In the place of the JSON fallback: number 1.</summary>
public sealed class RefusingJson : RefusingSerializer
{
    /// <param name="system">The system.</param>
    /// <param name="config">Akka hands over the settings of the serializer that it thinks this is.</param>
    public RefusingJson(ExtendedActorSystem system, Config config) : base(system) => _ = config;

    public override int Identifier => 1;
}

/// <summary>In the place of the orders to make actors, of any class, on another machine: number 3.</summary>
public sealed class RefusingDeployment(ExtendedActorSystem system) : RefusingSerializer(system)
{
    public override int Identifier => 3;
}

/// <summary>What is not ours, or Akka's own, cannot cross.</summary>
public sealed class RefusedTypeException(string message) : Exception(message);
