using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace Asha.Cluster.Tests.Harness;

/// <summary>A real Prometheus on loopback, with the rules of deploy/, and the jobs of deploy/ at other addresses. It ends with the test.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("asha-prometheus-").FullName;
    private readonly HttpClient _client;
    private readonly Process _process;
    private readonly Task<string> _said;

    /// <param name="jobs">The name of each job, and where its one target is: host and port.</param>
    public PrometheusServer(params (string Job, string Target)[] jobs)
    {
        File.Copy(Deployment.Of("prometheus", "rules.yaml"), Path.Combine(_folder, "rules.yaml"));
        File.WriteAllText(Path.Combine(_folder, "prometheus.yml"), $"""
            global: {"{"}scrape_interval: 1s, evaluation_interval: 1s{"}"}
            rule_files: [rules.yaml]
            scrape_configs:
            {string.Join('\n', jobs.Select(job => $"- {{job_name: {job.Job}, static_configs: [{{targets: ['{job.Target}']}}]}}"))}
            """);
        var port = FreePorts.Some(1).Single();
        _client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        _process = Process.Start(new ProcessStartInfo("prometheus", [$"--config.file={_folder}/prometheus.yml", $"--storage.tsdb.path={_folder}/data", $"--web.listen-address=127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}"]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _said = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Waits until it answers.</summary>
    public Task StartsAsync() => Waiting.UntilAsync("Prometheus is ready", async () =>
    {
        if (_process.HasExited)
            throw new InvalidOperationException($"Prometheus ended with {_process.ExitCode}: {await _said}");
        try
        {
            return (await _client.GetAsync("/-/ready")).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    });

    /// <summary>What a query answers now: the value of each series.</summary>
    public async Task<double[]> AskAsync(Query query)
    {
        var response = await _client.GetAsync($"/api/v1/query?query={WebUtility.UrlEncode(query.Text)}");
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.True(response.IsSuccessStatusCode, $"{query}: {answer}");
        return [.. answer["data"]!["result"]!.AsArray().Select(series => double.Parse(series!["value"]![1]!.GetValue<string>(), CultureInfo.InvariantCulture))];
    }

    /// <summary>Each alert's state (<c>inactive</c>, <c>pending</c>, <c>firing</c>), and how the evaluation of its rule went (<c>ok</c>).</summary>
    public async Task<Dictionary<string, (string State, string Health)>> RulesAsync()
        => JsonNode.Parse(await _client.GetStringAsync("/api/v1/rules"))!["data"]!["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray())
            .ToDictionary(rule => rule!["name"]!.GetValue<string>(), rule => (rule!["state"]!.GetValue<string>(), rule["health"]!.GetValue<string>()));

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
