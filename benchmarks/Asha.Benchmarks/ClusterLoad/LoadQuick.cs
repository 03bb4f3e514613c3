using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using Asha.Benchmarks.Members;
using Asha.Benchmarks.WholePath;

namespace Asha.Benchmarks.ClusterLoad;

/// <summary>
/// A cluster under load: coordinators, processes of virtual nodes and PostgreSQL, all of them processes of their own on loopback. Jobs are counted in the database; how long a slot waits from a job's end to the next start is taken on its node. From the sources' root.
/// </summary>
internal static class LoadQuick
{
    private const int Coordinators = 3;

    public static async Task RunAsync(string[] args)
    {
        var (rounds, processes) = (EngineQuick.Number(args, "--rounds", 1), EngineQuick.Number(args, "--processes", 2));
        Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}, {DateTime.UtcNow:yyyy-MM-dd}; {Coordinators} coordinators, {processes} processes of nodes, PostgreSQL; jobs of {EngineQuick.Number(args, "--lasts-ms", 0)} ms; {EngineQuick.Number(args, "--clients", 0)} clients");
        Console.WriteLine("| load | nodes × slots | experiments | jobs | jobs a second | rows of the journal | bytes of it a job | from a job's end to the next start on its slot, ms: median | p99 | longest | bytes on the wire a job | processor time, ms for 1,000 jobs: coordinators | nodes | PostgreSQL | most memory of a coordinator, MiB |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var slots in EngineQuick.Slots(args, [10, 100, 1_000]))
        {
            for (var round = 0; round < rounds; round++)
                await MeasureAsync(args, slots, processes);
        }
    }

    private static async Task MeasureAsync(string[] args, int slots, int processes)
    {
        var (experiments, trials) = (EngineQuick.Number(args, "--experiments", 1), EngineQuick.Number(args, "--trials", 50_000));
        var slotsOfNode = Math.Min(EngineQuick.Number(args, "--node-slots", 10), Math.Max(1, slots / processes));
        var nodes = Math.Max(1, slots / processes / slotsOfNode);
        using var database = new BenchDatabase();
        Console.Error.WriteLine($"synchronous_commit = {await JournalCount.SettingAsync(database.Server, "synchronous_commit")}, fsync = {await JournalCount.SettingAsync(database.Server, "fsync")}");
        await using var coordinators = new BenchCoordinators(args, Coordinators, database.Server);
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(1) };
        var has = await coordinators.RegistryAsync(http);
        var api = coordinators.Apis[(has + 1) % Coordinators];
        var waits = Directory.CreateTempSubdirectory("asha-bench-waits-").FullName;
        var ports = BenchCoordinators.FreePorts(processes);
        Process[] members = [.. ports.Select((port, number) => Node(args, coordinators, number, port, nodes, slotsOfNode, Path.Combine(waits, $"{number}")))];
        try
        {
            await UntilAsync("all nodes have joined", async () => (await GetAsync(http, $"{api}/v1/nodes"))["nodes"]!.AsArray().Count == nodes * processes);
            // Everything that is compiled when it is first used is, then.
            await RunAsync(http, api, database.Server, "warm", 1, Math.Min(trials, EngineQuick.Number(args, "--warm", 100_000)));
            int[] all = [.. ports, .. coordinators.Ports];
            var (bytes, cpu) = (ProcessMeter.BytesBetween(all), Cpu(coordinators, members, database));
            var load = File.ReadAllText("/proc/loadavg").Split(' ')[0];
            var clients = new PollingClients(coordinators.Apis, EngineQuick.Number(args, "--clients", 0));
            using var stop = new CancellationTokenSource();
            Task polling = Task.CompletedTask;
            await RunAsync(http, api, database.Server, LoadWork.Measured, experiments, trials / experiments, runs => polling = clients.PollAsync(runs, stop.Token));
            await stop.CancelAsync();
            await polling;
            var (bytesAfter, cpuAfter) = (ProcessMeter.BytesBetween(all), Cpu(coordinators, members, database));
            var memory = coordinators.Processes.Max(process => ProcessMeter.PeakMemory(process.Id));
            await LeaveAsync(members);
            var counted = await JournalCount.OfAsync(database.Server, LoadWork.Measured);
            var took = Waits(waits);
            double Per(Func<double[], double> of) => 1e6 * (of(cpuAfter) - of(cpu)) / counted.Jobs;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {load} | {nodes * processes:N0} × {slotsOfNode} | {experiments} | {counted.Jobs:N0} | {counted.Jobs / counted.Lasted.TotalSeconds:N0} | {counted.Entries:N0} | {counted.Bytes / counted.Jobs:N0} | {At(took, .5):F1} | {At(took, .99):F1} | {At(took, 1):F1} | {(bytesAfter - bytes) / counted.Jobs:N0} | {Per(of => of[0]):N0} | {Per(of => of[1]):N0} | {Per(of => of[2]):N0} | {memory:N0} |"));
            if (clients.Answers is { List.Length: > 0 } answers)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"answers, ms: {answers.List.Length:N0} lists, median {At(answers.List, .5):F1}, p99 {At(answers.List, .99):F1}, longest {At(answers.List, 1):F1}; {answers.Show.Length:N0} runs, median {At(answers.Show, .5):F1}, p99 {At(answers.Show, .99):F1}, longest {At(answers.Show, 1):F1}; {answers.Failed} failed"));
        }
        finally
        {
            await LeaveAsync(members);
            Directory.Delete(waits, recursive: true);
        }
    }

    /// <summary>Submits them all at once and waits until the last one is over. Asked is the database: a coordinator that is asked about a run follows its journal from then on.</summary>
    private static async Task RunAsync(HttpClient http, string api, string server, string name, int experiments, int trials, Action<IReadOnlyList<string>>? submitted = null)
    {
        var runs = new List<string>();
        for (var number = 0; number < experiments; number++)
        {
            using var file = new StringContent(LoadWork.Experiment($"{name}-{number}", trials), Encoding.UTF8, new MediaTypeHeaderValue("application/yaml"));
            using var answer = await http.PostAsync($"{api}/v1/experiments", file);
            var said = await answer.Content.ReadAsStringAsync();
            runs.Add(answer.IsSuccessStatusCode ? JsonNode.Parse(said)!["run"]!.GetValue<string>() : throw new InvalidOperationException(said));
        }
        submitted?.Invoke(runs);
        await UntilAsync($"{name} is over", async () => await JournalCount.SettledAsync(server, runs) == experiments, minutes: 30);
    }

    private static async Task UntilAsync(string what, Func<Task<bool>> isSo, int minutes = 2)
    {
        for (var begun = Stopwatch.GetTimestamp(); !await isSo(); await Task.Delay(250))
        {
            if (Stopwatch.GetElapsedTime(begun) > TimeSpan.FromMinutes(minutes))
                throw new TimeoutException($"not within {minutes} min: {what}");
        }
    }

    private static async Task<JsonNode> GetAsync(HttpClient http, string url) => JsonNode.Parse(await http.GetStringAsync(url))!;

    private static double[] Cpu(BenchCoordinators coordinators, Process[] nodes, BenchDatabase database)
        => [coordinators.Processes.Sum(process => ProcessMeter.Cpu(process.Id)), nodes.Sum(process => ProcessMeter.Cpu(process.Id)), ProcessMeter.CpuWithChildren(database.Process)];

    private static Process Node(string[] args, BenchCoordinators coordinators, int number, int port, int nodes, int slots, string waits) => BenchCoordinators.Start($"nodes {number}", Assembly.GetExecutingAssembly().Location,
    [
        "--load-node", "--name", $"bench-{number}", "--listen", $"127.0.0.1:{port}", "--join", string.Join(',', coordinators.Listens), "--nodes", $"{nodes}", "--slots", $"{slots}",
        "--lasts-ms", $"{EngineQuick.Number(args, "--lasts-ms", 0)}", "--waits", waits,
    ]);

    private static async Task LeaveAsync(Process[] members)
    {
        foreach (var member in members)
            member.StandardInput.Close();
        foreach (var member in members)
            await member.WaitForExitAsync();
    }

    /// <summary>All waits in order, but those after the last trial was sampled: from then on slots wait for work.</summary>
    private static float[] Waits(string folder)
    {
        var all = new List<(long At, float Wait)>();
        var last = 0L;
        foreach (var path in Directory.EnumerateFiles(folder))
        {
            using var file = new BinaryReader(File.OpenRead(path));
            while (file.BaseStream.Position < file.BaseStream.Length)
            {
                var (at, wait, isFirst) = (file.ReadInt64(), file.ReadSingle(), file.ReadBoolean());
                all.Add((at, wait));
                last = isFirst ? Math.Max(last, at) : last;
            }
        }
        return [.. all.Where(start => start.At <= last).Select(start => start.Wait).Order()];
    }

    private static float At(float[] sorted, double share) => sorted.Length == 0 ? float.NaN : sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))];
}
