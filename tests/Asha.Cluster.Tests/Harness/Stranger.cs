using System.Security.Cryptography.X509Certificates;
using System.Text;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Remote.Transport.DotNetty;
using Akka.Serialization;
using Asha.Cluster.Security;
using Asha.Cluster.Settings;

namespace Asha.Cluster.Tests.Harness;

/// <summary>Somebody who wants in and checks nothing itself.</summary>
internal static class Stranger
{
    /// <summary>A would-be member, in this process.</summary>
    /// <param name="join">A coordinator's port.</param>
    /// <param name="files">Its certificate; <c>null</c>: it speaks plain text.</param>
    public static ActorSystem Join(int join, TlsFiles? files)
    {
        var settings = new NodeSettings
        {
            Listen = new HostPort("127.0.0.1", 0), Join = [new HostPort("127.0.0.1", join)], Data = "/nowhere", Name = "stranger", Slots = 1, Cpus = 1, Tls = files,
        };
        var setup = ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(ClusterConfig.Of(settings)));
        if (files is not null)
            setup = setup.And(new DotNettySslSetup(X509Certificate2.CreateFromPemFile(files.Certificate, files.Key), suppressValidation: true, requireMutualAuthentication: true, validateCertificateHostname: false));
        return ActorSystem.Create(ClusterConfig.System, setup);
    }

    /// <summary>Somebody with a good certificate, who says what no member would.</summary>
    public static ActorSystem Speaker(TlsFiles files) => ActorSystem.Create("speaker", ActorSystemSetup.Create(
        BootstrapSetup.Create().WithConfig(ConfigurationFactory.ParseString($$"""
            akka {
              loglevel = OFF, stdout-loglevel = OFF
              actor {
                provider = remote
                serializers { later = "{{typeof(LaterVersion).AssemblyQualifiedName}}", json = "{{typeof(TypeNaming).AssemblyQualifiedName}}" }
                serialization-bindings { "{{typeof(OfLaterVersion).AssemblyQualifiedName}}" = later, "{{typeof(ByTypeName).AssemblyQualifiedName}}" = json }
              }
              remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0, enable-ssl = on }
            }
            """)),
        PeerCheck.Setup(TlsIdentity.Load(files, "127.0.0.1", DateTimeOffset.UtcNow), TimeProvider.System)));
}

/// <summary>A message of a version to come.</summary>
public sealed record OfLaterVersion;

/// <summary>A message whose bytes say what type is to be made of them.</summary>
public sealed record ByTypeName;

/// <summary>Writes under Asha's own number, with a manifest that nobody knows.</summary>
public sealed class LaterVersion(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public override int Identifier => 1810;

    public override string Manifest(object o) => "start-anything.1";

    public override byte[] ToBinary(object obj) => "{}"u8.ToArray();

    public override object FromBinary(byte[] bytes, string manifest) => throw new NotSupportedException();
}

/// <summary>Writes under the number of Akka's JSON, which makes any type that is named.</summary>
public sealed class TypeNaming : Serializer
{
    /// <param name="system">The system.</param>
    /// <param name="config">Akka hands over the settings of the serializer in whose place this is.</param>
    public TypeNaming(ExtendedActorSystem system, Config config) : base(system) => _ = config;

    public override int Identifier => 1;

    public override bool IncludeManifest => false;

    public override byte[] ToBinary(object obj) => Encoding.UTF8.GetBytes("""{"$type":"System.IO.FileInfo, System.Private.CoreLib","fileName":"/etc/passwd"}""");

    public override object FromBinary(byte[] bytes, Type type) => throw new NotSupportedException();
}
