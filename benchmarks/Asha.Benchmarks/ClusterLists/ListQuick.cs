using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Asha.Benchmarks.Members;
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
        using var database = new BenchDatabase();
        var (events, bytes) = await FinishedRuns.WriteAsync(database.Server, runs);
        await using var coordinators = new BenchCoordinators(args, Coordinators, database.Server);
        Console.WriteLine($"{Environment.ProcessorCount} cores, load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}, .NET {Environment.Version}, {DateTime.UtcNow:yyyy-MM-dd}; {runs:N0} runs of {events} events, {bytes / 1024.0:F0} KiB each; {coordinators.Program}");
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(10) };
        var begun = Stopwatch.GetTimestamp();
        var has = await coordinators.RegistryAsync(http);
        Console.WriteLine($"a registry answers after {Stopwatch.GetElapsedTime(begun).TotalSeconds:F1} s (three processes that start, {2 * runs:N0} entries to read)");
        Console.WriteLine("| asked | first page of 100 | the same again, the tenth time | p50, p99 and longest of 300 more | all pages, the first time | and the second |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var (name, at) in new[] { ("the one that has the registry", has), ("another", (has + 1) % Coordinators) })
            await MeasureAsync(http, name, $"{coordinators.Apis[at]}/v1/experiments", runs);
        foreach (var member in coordinators.Processes)
            Console.WriteLine($"resident: {File.ReadAllLines($"/proc/{member.Id}/status").First(line => line.StartsWith("VmRSS", StringComparison.Ordinal))[6..].Trim()}");
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
}
