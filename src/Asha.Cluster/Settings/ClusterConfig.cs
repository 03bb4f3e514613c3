using System.Text;
using Akka.Configuration;
using Asha.Actors;

namespace Asha.Cluster.Settings;

/// <summary>The engine's settings as a member of a cluster has them: <c>config/akka.hocon</c>, its section for clusters laid over the rest, and over that what the user says.</summary>
internal static class ClusterConfig
{
    public const string Coordinator = "coordinator", Node = "node";

    /// <summary>The name of every member's actor system, and the first part of their addresses.</summary>
    public const string System = "asha";

    /// <param name="settings">The user's.</param>
    /// <param name="first">Settings that come before the rest, as text.</param>
    public static Config Of(MemberSettings settings, string first = "")
    {
        var engine = AshaActors.Configuration();
        var text = new StringBuilder()
            .AppendLine(first)
            .AppendLine($"akka.cluster.roles = [{settings.Role}]")
            .AppendLine($"akka.cluster.role.{Coordinator}.min-nr-of-members = {settings.Majority}")
            // Coordinators join by what Founding says.
            .AppendLine($"akka.cluster.seed-nodes = [{(settings.Role == Coordinator ? "" : string.Join(", ", settings.Join.Select(coordinator => $"\"{Address(settings, coordinator)}\"")))}]")
            .AppendLine($"akka.remote.dot-netty.tcp.hostname = \"{settings.Listen.Host}\"")
            .AppendLine($"akka.remote.dot-netty.tcp.port = {settings.Listen.Port}")
            .AppendLine($"akka.remote.dot-netty.tcp.enable-ssl = {(settings.Tls is null ? "off" : "on")}");
        return ConfigurationFactory.ParseString(text.ToString()).WithFallback(engine.GetConfig("asha.cluster.over")).WithFallback(engine);
    }

    /// <summary>The address of a member as Akka writes it.</summary>
    public static string Address(MemberSettings settings, HostPort member) => $"akka.{(settings.Tls is null ? "" : "ssl.")}tcp://{System}@{member}";
}
