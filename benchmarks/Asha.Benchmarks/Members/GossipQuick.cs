using System.Diagnostics;
using System.Globalization;
using Akka.Actor;
using Asha.Benchmarks.ClusterLoad;
using Asha.Benchmarks.WholePath;
using Asha.Cluster.Settings;
using Microsoft.Extensions.Logging.Abstractions;

namespace Asha.Benchmarks.Members;

/// <summary>
/// What being a member costs, with nothing to do: what all members' connections carry in a second, by how many they are, and what one more takes. Three coordinators are processes; nodes, which have no slots, are members with the real settings in this one. From the sources' root.
/// </summary>
internal static class GossipQuick
{
    private const int Coordinators = 3;
    private static readonly TimeSpan _while = TimeSpan.FromSeconds(20);

    /// <summary>By then all have heard of all.</summary>
    private static readonly TimeSpan _settles = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(string[] args)
    {
        Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}, {DateTime.UtcNow:yyyy-MM-dd}; {Coordinators} coordinators, nodes without slots, plain text; {_while.TotalSeconds:0} s each");
        Console.WriteLine("| load | members | connections | bytes a second | bytes a second and member | processor time of all, % of a core | one more is up after s | bytes beyond those of its being there, in 10 s from then on |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        using var database = new BenchDatabase();
        await using var coordinators = new BenchCoordinators(args, Coordinators, database.Server);
        using var http = new HttpClient();
        await coordinators.RegistryAsync(http);
        var ports = coordinators.Ports.ToList();
        var members = new List<(ActorSystem System, Task Runs)>();
        using var leave = new CancellationTokenSource();
        foreach (var count in EngineQuick.Slots(args, [3, 10, 20, 40]))
        {
            while (ports.Count < count)
                await JoinAsync(ports, members, coordinators, leave.Token);
            await Task.Delay(_settles);
            var (load, connections) = (File.ReadAllText("/proc/loadavg").Split(' ')[0], ProcessMeter.ConnectionsBetween(ports));
            var (rate, busy) = await RateAsync(ports, coordinators);
            var (bytes, begun) = (ProcessMeter.BytesBetween(ports), Stopwatch.GetTimestamp());
            await JoinAsync(ports, members, coordinators, leave.Token);
            var took = Stopwatch.GetElapsedTime(begun);
            await Task.Delay(_settles);
            var (joined, window) = (ProcessMeter.BytesBetween(ports) - bytes, Stopwatch.GetElapsedTime(begun));
            var after = (await RateAsync(ports, coordinators)).Bytes;
            if (members.Any(member => member.Runs.IsCompleted))
                throw new InvalidOperationException($"{count} members are too many for this machine: they do not hold together");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {load} | {count} | {connections} | {rate:N0} | {rate / count:N0} | {100 * busy:F0} | {took.TotalSeconds:F1} | {joined - (after * window.TotalSeconds):N0} |"));
        }
        await leave.CancelAsync();
        await Task.WhenAll(members.Select(member => member.Runs));
        await Task.WhenAll(members.Select(member => member.System.Terminate()));
    }

    /// <summary>Bytes a second, and processor seconds a second.</summary>
    private static async Task<(double Bytes, double Busy)> RateAsync(IReadOnlyList<int> ports, BenchCoordinators coordinators)
    {
        var (cpu, bytes, begun) = (Cpu(coordinators), ProcessMeter.BytesBetween(ports), Stopwatch.GetTimestamp());
        await Task.Delay(_while);
        var (carried, took) = (ProcessMeter.BytesBetween(ports) - bytes, Stopwatch.GetElapsedTime(begun).TotalSeconds);
        return (carried / took, (Cpu(coordinators) - cpu) / took);
    }

    /// <summary>One more, until it is up.</summary>
    private static async Task JoinAsync(List<int> ports, List<(ActorSystem System, Task Runs)> members, BenchCoordinators coordinators, CancellationToken leave)
    {
        var port = BenchCoordinators.FreePorts(1)[0];
        ports.Add(port);
        var member = new MemberSystem(LoadNode.Settings($"idle-{port}", $"127.0.0.1:{port}", coordinators.Listens, slots: 1), null, NullLoggerFactory.Instance);
        var system = member.Start();
        var up = new TaskCompletionSource();
        var runs = member.RunAsync(system, up.SetResult, Console.Error.WriteLine, new TaskCompletionSource<string>().Task, leave);
        await await Task.WhenAny(up.Task, runs);
        members.Add(up.Task.IsCompleted ? (system, runs) : throw new InvalidOperationException($"a member did not come up: {await runs}"));
    }

    private static double Cpu(BenchCoordinators coordinators) => coordinators.Processes.Sum(process => ProcessMeter.Cpu(process.Id)) + ProcessMeter.Cpu(Environment.ProcessId);
}
