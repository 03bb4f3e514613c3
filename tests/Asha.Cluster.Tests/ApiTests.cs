using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Asha.Cluster.Api;
using Asha.Cluster.Coordinators;
using Asha.Cluster.Metrics;
using Asha.Cluster.Nodes;
using Asha.Cluster.Settings;
using Asha.Host.Api;
using Asha.Tuning;
using Asha.Tuning.Journals;
using Microsoft.Extensions.Logging.Abstractions;

namespace Asha.Cluster.Tests;

/// <summary>The API as it listens, without a cluster behind it: who may ask, what is refused, and how. Every request is a real one.</summary>
public sealed class ApiTests : IDisposable
{
    private const string Token = "0123456789abcdef0123456789abcdef";

    private readonly string _folder = Directory.CreateTempSubdirectory("asha-api-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("localhost", 503)]
    [InlineData("127.0.0.1:7610", 503)]
    [InlineData("[::1]:7610", 503)]
    [InlineData("attacker.example", 400)]
    [InlineData("127.0.0.1.attacker.example:7610", 400)]
    [InlineData("localhost.attacker.example", 400)]
    public async Task On_loopback_a_name_of_another_machine_is_refused(string host, int status)
        => await AnswersAsync(await SendAsync(null, HttpMethod.Get, "/v1/health", request => request.Headers.Host = host), status, status == 400 ? host : "not in the cluster");

    [Theory]
    [InlineData("http://attacker.example", 403)]
    [InlineData("null", 403)]
    [InlineData(null, 503)]
    public async Task A_page_of_another_site_cannot_command(string? origin, int status)
        => await AnswersAsync(await SendAsync(null, HttpMethod.Post, "/v1/experiments/x/cancel", request => request.Headers.TryAddWithoutValidation("Origin", origin is null ? [] : [origin])), status);

    [Theory]
    [InlineData(null, 401)]
    [InlineData("Bearer", 401)]
    [InlineData("Bearer " + Token + "0", 401)]
    [InlineData("Bearer 0123456789abcdef0123456789abcdeF", 401)]
    [InlineData("Basic " + Token, 401)]
    [InlineData("Bearer " + Token, 503)]
    public async Task Where_there_is_a_token_it_has_to_be_shown(string? authorization, int status)
    {
        foreach (var path in new[] { "/v1/health", "/openapi.json" })
        {
            var response = await SendAsync(Token, HttpMethod.Get, path, request => request.Headers.TryAddWithoutValidation("Authorization", authorization is null ? [] : [authorization]));
            if (status == 401)
                Assert.Equal("Bearer", Assert.Single(response.Headers.WwwAuthenticate).Scheme);
            if (status == 401 || path == "/v1/health")
                await AnswersAsync(response, status);
            Assert.DoesNotContain(Token, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Without_the_token_it_says_whether_it_is_live_and_ready_and_nothing_else()
    {
        var live = await SendAsync(Token, HttpMethod.Get, "/health/live");
        Assert.Equal((200, """{"status":"live"}"""), ((int)live.StatusCode, await live.Content.ReadAsStringAsync()));
        await AnswersAsync(await SendAsync(Token, HttpMethod.Get, "/health/ready"), 503, "this coordinator is not up in the cluster");
        foreach (var path in new[] { "/metrics", "/healthy", "/v1/health" })
            await AnswersAsync(await SendAsync(Token, HttpMethod.Get, path), 401);
    }

    [Theory]
    [InlineData(Token + "\n", true)]
    [InlineData(Token, true)]
    [InlineData(Token + "\r\n# of the cluster in room 2\n", true)]
    [InlineData("\n" + Token, false)]
    [InlineData("of two words and more\n", false)]
    [InlineData("short\n" + Token, false)]
    public void The_token_is_the_first_line_of_its_file(string text, bool isGood)
    {
        var file = Path.Combine(_folder, "token");
        File.WriteAllText(file, text);
        if (isGood)
            Assert.Equal(Token, ApiToken.Read(file));
        else
            Assert.Contains("its first line must be 16 to 1024", Assert.Throws<UserErrorException>(() => ApiToken.Read(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_no_registry_answers_it_says_when_to_ask_again()
    {
        foreach (var path in new[] { "/v1/experiments", "/v1/experiments/none", "/v1/experiments/none/events", "/v1/nodes", "/v1/health" })
        {
            var response = await SendAsync(null, HttpMethod.Get, path);
            await AnswersAsync(response, 503, "not in the cluster");
            Assert.Equal(TimeSpan.FromSeconds(2), response.Headers.RetryAfter?.Delta);
        }
    }

    [Fact]
    public async Task All_mistakes_of_an_experiment_are_told_at_once_with_their_places()
    {
        var response = await SubmitAsync("name: a b\ntrial: {command: [x], directory: here, env: {KEY: hunter2}}\nspaces: {}\n", "?file=x.yaml&weight=0&set=seed=many");
        var problem = await AnswersAsync(response, 400, "x.yaml:1:7: name: must be");
        string[] told = [.. problem["problems"]!.AsArray().Select(one => one!["text"]!.GetValue<string>())];
        foreach (var start in new[] { "weight: must be", "x.yaml:1:1: metric: is missing", "x.yaml:2:34: trial.directory: must be an absolute path", "x.yaml:2:51: trial.env.KEY: has a value", "x.yaml:3:1: spaces: unknown key; did you mean 'space'?", "--set seed: must be" })
            Assert.Contains(told, text => text.StartsWith(start, StringComparison.Ordinal));
        Assert.DoesNotContain("hunter2", problem.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_experiment_at_all_is_refused_as_what_it_is()
    {
        await AnswersAsync(await SubmitAsync("x", type: "text/plain"), 415, "text/plain");
        await AnswersAsync(await SubmitAsync("x", "?weight=much"), 400, "weight");
        await AnswersAsync(await SubmitAsync(new string('#', 1_200_000)), 413, "1 MiB");
        await AnswersAsync(await SendAsync(null, HttpMethod.Delete, "/v1/nodes"), 405, "DELETE");
        await AnswersAsync(await SendAsync(null, HttpMethod.Get, "/v2"), 404, "/v2");
        // A good one comes as far as the registry, as YAML and as JSON.
        const string Good = """{"name": "a", "metric": {"name": "m", "mode": "min"}, "resource": {"name": "r", "max": 9}, "scheduler": {"type": "asha", "trials": 3}, "space": {"x": {"type": "uniform", "min": 0, "max": 1}}, "trial": {"command": ["true"], "directory": "/not/here", "env": {"KEY": null}}}""";
        await AnswersAsync(await SubmitAsync(Good), 503, "not in the cluster");
        await AnswersAsync(await SubmitAsync(Good, type: "application/json"), 503, "not in the cluster");
    }

    [Fact]
    public async Task It_describes_itself()
    {
        var response = await SendAsync(null, HttpMethod.Get, "/openapi.json");
        var document = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        var paths = document["paths"]!.AsObject();
        Assert.Equal(
            ["/health/live", "/health/ready", "/metrics", "/v1/experiments", "/v1/experiments/{run}", "/v1/experiments/{run}/cancel", "/v1/experiments/{run}/events", "/v1/experiments/{run}/logs/{trial}", "/v1/experiments/{run}/pause", "/v1/experiments/{run}/resume", "/v1/health", "/v1/nodes", "/v1/nodes/{name}/drain"],
            paths.Select(path => path.Key).Order(StringComparer.Ordinal));
        string[] parameters = [.. paths["/v1/experiments"]!["post"]!["parameters"]!.AsArray().Select(parameter => parameter!["name"]!.GetValue<string>())];
        Assert.Equal(["file", "set", "weight", "priority", "max-concurrent", "Idempotency-Key"], parameters);
        var list = paths["/v1/experiments"]!["get"]!;
        Assert.Equal(["limit", "after", "phase", "run"], list["parameters"]!.AsArray().Select(parameter => parameter!["name"]!.GetValue<string>()));
        Assert.Equal(["200", "400", "404", "503"], list["responses"]!.AsObject().Select(answer => answer.Key).Order(StringComparer.Ordinal));
        Assert.Contains("1 to 1000, 100 where it is left out", list["description"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.NotNull(paths["/v1/nodes/{name}/drain"]!["post"]!["responses"]!["409"]);
        // The token is asked for everywhere but at health.
        Assert.NotNull(document["security"]![0]!["token"]);
        Assert.Equal(["/health/live", "/health/ready"], paths.Where(path => path.Value!.AsObject().Any(operation => operation.Value!["security"] is JsonArray { Count: 0 })).Select(path => path.Key));
        Assert.NotNull(paths["/metrics"]!["get"]!["responses"]!["200"]!["content"]!["text/plain"]);
    }

    private Task<HttpResponseMessage> SubmitAsync(string text, string query = "", string type = "application/yaml") => SendAsync(null, HttpMethod.Post, $"/v1/experiments{query}", request =>
    {
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
    });

    private static async Task<JsonNode> AnswersAsync(HttpResponseMessage response, int status, string? detail = null)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(text)!;
        Assert.Equal(status, problem["status"]!.GetValue<int>());
        if (detail is not null)
            Assert.Contains(detail, problem["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        return problem;
    }

    private async Task<HttpResponseMessage> SendAsync(string? token, HttpMethod method, string path, Action<HttpRequestMessage>? more = null)
    {
        if (token is not null)
            await File.WriteAllTextAsync(Path.Combine(_folder, "token"), $"{token}\n");
        using (var database = SqliteJournal.Connection(_folder))
            RunJournal.MakeTables(database, isSqlite: true, "test");
        var settings = new CoordinatorSettings { Listen = new HostPort("127.0.0.1", 0), Join = [], Data = _folder, Api = new HostPort("127.0.0.1", 0), TokenFile = token is null ? null : Path.Combine(_folder, "token") };
        using var files = new FilesClient(null, TimeSpan.FromSeconds(1));
        var door = new RegistryDoor(settings.Listen);
        using var metrics = MetricsExport.Of();
        await using var server = await ApiServer.StartAsync(settings, null, NullLoggerFactory.Instance, door, new RunFolds(() => SqliteJournal.Connection(_folder), ApiTexts.Formats.NewRecord), ApiTexts.Formats, files, new CoordinatorHealth(door, () => SqliteJournal.Connection(_folder)), metrics);
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(method, server.Address + path);
        more?.Invoke(request);
        var response = await client.SendAsync(request);
        await response.Content.LoadIntoBufferAsync();
        return response;
    }
}
