using System.Globalization;
using Akka.Actor;
using Akka.Configuration;
using Asha.Actors;
using Asha.Actors.Execution;
using Asha.Actors.Messages;
using Asha.Benchmarks.WholePath;
using Asha.Cluster.Coordinators;
using Asha.Cluster.Nodes;
using Asha.Cluster.Settings;
using Microsoft.Extensions.Logging.Abstractions;

namespace Asha.Benchmarks.ClusterLoad;

/// <summary>
/// A process of virtual nodes, one member of the cluster: real NodeActors, each with its own link to it, wired as <see cref="NodeProcess"/> wires one. It stays until its input ends, and is not made anew when it is given up.
/// </summary>
internal static class LoadNode
{
    public static async Task RunAsync(string[] args)
    {
        var (nodes, slots) = (EngineQuick.Number(args, "--nodes", 1), EngineQuick.Number(args, "--slots", 1));
        var settings = Settings(Text(args, "--name"), Text(args, "--listen"), Text(args, "--join").Split(','), slots);
        var timed = new TimedSlots(TimeSpan.FromMilliseconds(EngineQuick.Number(args, "--lasts-ms", 0)));
        using var leave = new CancellationTokenSource();
        _ = Task.Run(async () =>
        {
            await Console.In.ReadToEndAsync();
            await leave.CancelAsync();
        });
        var agent = ActorSystem.Create("agent", BootstrapSetup.Create().WithConfig(ConfigurationFactory.ParseString("akka.loglevel = OFF").WithFallback(AshaActors.Configuration())));
        var member = new MemberSystem(settings, null, NullLoggerFactory.Instance);
        var system = member.Start();
        var supervisor = ClusterProxy.Start(system);
        var made = Enumerable.Range(0, nodes).Select(number =>
        {
            var uplink = agent.ActorOf(Props.Create(() => new Uplink()), string.Create(CultureInfo.InvariantCulture, $"uplink-{number}"));
            var node = agent.ActorOf(NodeActor.Props(new NodeSetup(
                $"{settings.Name}-{number}", [.. Enumerable.Repeat(new SlotResources([], []), slots)], timed.Make, _ => Task.CompletedTask, AshaActors.ResendInterval(AshaActors.Configuration()))
            { Uplink = uplink, Process = Guid.NewGuid().ToString("N") }, ActorRefs.Nobody), string.Create(CultureInfo.InvariantCulture, $"node-{number}"));
            return (uplink, node, link: system.ActorOf(NodeLink.Props(node, supervisor), number == 0 ? NodeLink.Name : string.Create(CultureInfo.InvariantCulture, $"{NodeLink.Name}-{number}")));
        }).ToArray();
        var reason = await member.RunAsync(system, () =>
        {
            foreach (var (uplink, node, link) in made)
            {
                uplink.Tell(new UseLink(link));
                node.Tell(JoinAgain.Now);
            }
        }, Console.WriteLine, new TaskCompletionSource<string>().Task, leave.Token);
        timed.Write(Text(args, "--waits"));
        Console.WriteLine($"{settings.Name}: {reason ?? "left"}; {GC.GetTotalAllocatedBytes() / (1 << 20):N0} MiB allocated, {GC.GetTotalPauseDuration().TotalSeconds:F1} s paused for collections");
        await Task.WhenAll(MemberSystem.EndAsync(system), agent.Terminate());
    }

    /// <summary>Of a member that is a node, in plain text, on loopback.</summary>
    public static NodeSettings Settings(string name, string listen, IEnumerable<string> join, int slots) => new()
    {
        Name = name,
        Listen = HostPort.Parse(listen)!,
        Join = [.. join.Select(address => HostPort.Parse(address)!)],
        Data = Path.GetTempPath(),
        Insecure = true,
        Slots = slots,
        Cpus = 1,
    };

    private static string Text(string[] args, string name) => args[Array.IndexOf(args, name) + 1];
}
