using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Asha.Benchmarks.WholePath;

namespace Asha.Benchmarks.ClusterLists;

/// <summary>
/// How long a cluster that has finished many runs takes to list them: real coordinators on loopback, their journal in a PostgreSQL of their own. Asked are the coordinator that has the registry and another one, for which the list crosses Akka's remoting.
/// From the sources' root.
/// </summary>
internal static class ListQuick
{
    private const int Coordinators = 3;

    public static async Task RunAsync(string[] args)
    {
        var runs = EngineQuick.Number(args, "--runs", 10_000);
        var asha = Array.IndexOf(args, "--asha") is >= 0 and var at ? args[at + 1] : "src/Asha.Host/bin/Release/net10.0/asha.dll";
        var (folder, database) = (Directory.CreateTempSubdirectory("asha-list-bench-").FullName, Directory.CreateTempSubdirectory("asha-list-bench-postgres-").FullName);
        var members = new List<Process>();
        try
        {
            var server = Postgres("start", database);
            var (events, bytes) = await FinishedRuns.WriteAsync(server, runs);
            Console.WriteLine($"{Environment.ProcessorCount} cores, load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}, .NET {Environment.Version}, {DateTime.UtcNow:yyyy-MM-dd}; {runs:N0} runs of {events} events, {bytes / 1024.0:F0} KiB each; {asha}");
            var ports = Ports(2 * Coordinators);
            string[] listens = [.. ports.Take(Coordinators).Select(port => $"127.0.0.1:{port}")], apis = [.. ports.Skip(Coordinators).Select(port => $"127.0.0.1:{port}")];
            for (var member = 0; member < Coordinators; member++)
                members.Add(Serve(asha, folder, member, listens, apis[member], server));
            using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(10) };
            var begun = Stopwatch.GetTimestamp();
            var registry = await RegistryAsync(http, apis);
            Console.WriteLine($"a registry answers after {Stopwatch.GetElapsedTime(begun).TotalSeconds:F1} s (three processes that start, {2 * runs:N0} entries to read)");
            Console.WriteLine("| asked | first page of 100 | the same again, the tenth time | p50, p99 and longest of 300 more | all pages, the first time | and the second |");
            Console.WriteLine("|---|---|---|---|---|---|");
            var has = Array.IndexOf(listens, registry);
            foreach (var (name, api) in new[] { ("the one that has the registry", apis[has]), ("another", apis[(has + 1) % Coordinators]) })
                await MeasureAsync(http, name, $"http://{api}/v1/experiments", runs);
            foreach (var member in members)
                Console.WriteLine($"resident: {File.ReadAllLines($"/proc/{member.Id}/status").First(line => line.StartsWith("VmRSS", StringComparison.Ordinal))[6..].Trim()}");
        }
        finally
        {
            foreach (var member in members)
            {
                member.Kill();
                await member.WaitForExitAsync();
            }
            Postgres("stop", database);
            Directory.Delete(database, recursive: true);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasureAsync(HttpClient http, string name, string list, int runs)
    {
        var (first, count, said) = await TimeAsync(http, $"{list}?limit=100");
        Console.Error.WriteLine($"{name}: {first:F1} ms, {count} runs, {said}");
        if (count != 100)
        {
            var (again, _, _) = await TimeAsync(http, $"{list}?limit=100");
            Console.WriteLine($"| {name} | {first:N0} ms: {(count > 100 ? $"all {count:N0}, it knows no pages" : said)} | {again:N0} ms (the second time) | | | |");
            return;
        }
        for (var time = 2; time < 10; time++)
            await TimeAsync(http, $"{list}?limit=100");
        var tenth = (await TimeAsync(http, $"{list}?limit=100")).Milliseconds;
        var more = new List<double>();
        for (var time = 0; time < 300; time++)
            more.Add((await TimeAsync(http, $"{list}?limit=100")).Milliseconds);
        more.Sort();
        var (all, again2) = (await AllAsync(http, list, runs), await AllAsync(http, list, runs));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {first:N0} ms | {tenth:N1} ms | {more[150]:N1}, {more[296]:N1}, {more[^1]:N1} ms | {all:N1} s | {again2:N1} s |"));
    }

    private static async Task<double> AllAsync(HttpClient http, string list, int runs)
    {
        var begun = Stopwatch.GetTimestamp();
        var seen = new HashSet<string>();
        for (string? next = ""; next is not null;)
        {
            var page = JsonNode.Parse(await http.GetStringAsync($"{list}?limit=100{(next == "" ? "" : $"&after={next}")}"))!;
            foreach (var run in page["experiments"]!.AsArray())
                seen.Add(run!["run"]!.GetValue<string>());
            next = page["next"]?.GetValue<string>();
        }
        return seen.Count == runs ? Stopwatch.GetElapsedTime(begun).TotalSeconds : throw new InvalidOperationException($"{seen.Count} of {runs} runs were listed.");
    }

    private static async Task<(double Milliseconds, int Count, string Said)> TimeAsync(HttpClient http, string page)
    {
        var begun = Stopwatch.GetTimestamp();
        using var answer = await http.GetAsync(page);
        var text = await answer.Content.ReadAsStringAsync();
        var took = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
        return answer.StatusCode == HttpStatusCode.OK ? (took, JsonNode.Parse(text)!["experiments"]!.AsArray().Count, "") : (took, 0, $"{(int)answer.StatusCode}: {JsonNode.Parse(text)!["detail"]}");
    }

    private static async Task<string> RegistryAsync(HttpClient http, string[] apis)
    {
        for (var begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun) < TimeSpan.FromMinutes(5); await Task.Delay(200))
        {
            foreach (var api in apis)
            {
                try
                {
                    using var answer = await http.GetAsync($"http://{api}/v1/nodes"); // Health tells all runs, in versions before pages: another may have no answer.
                    if (answer.StatusCode == HttpStatusCode.OK)
                        return JsonNode.Parse(await http.GetStringAsync($"http://{api}/v1/health"))!["registry"]!.GetValue<string>();
                }
                catch (HttpRequestException)
                {
                }
            }
        }
        throw new TimeoutException("no registry answers");
    }

    private static Process Serve(string asha, string folder, int member, string[] listens, string api, string server)
    {
        var info = new ProcessStartInfo("dotnet", [asha, "serve", "--insecure", "--listen", listens[member], "--join", string.Join(',', listens), "--api", api, "--data", Path.Combine(folder, $"coordinator-{member}")]) { RedirectStandardOutput = true, RedirectStandardError = true };
        info.Environment["ASHA_JOURNAL"] = server;
        var process = Process.Start(info)!;
        DataReceivedEventHandler say = (_, line) => Console.Error.Write(line.Data is { } said ? $"coordinator {member}: {said}\n" : "");
        process.OutputDataReceived += say;
        process.ErrorDataReceived += say;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static string Postgres(string verb, string folder)
    {
        using var script = Process.Start(new ProcessStartInfo("bash", ["tests/servers/postgres.sh", verb, folder]) { RedirectStandardOutput = true })!;
        var said = script.StandardOutput.ReadToEnd().Trim();
        script.WaitForExit();
        return script.ExitCode == 0 ? said : throw new InvalidOperationException($"postgres.sh {verb} ended with {script.ExitCode}.");
    }

    private static int[] Ports(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        foreach (var listener in listeners)
            listener.Start();
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        foreach (var listener in listeners)
            listener.Dispose();
        return ports;
    }
}
