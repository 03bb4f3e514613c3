using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using Asha.Actors.Metrics;
using Asha.Cluster.Metrics;
using Asha.Cluster.Security;
using Asha.Cluster.Settings;
using Asha.Cluster.Tests.Harness;
using Asha.Tuning;
using Microsoft.Extensions.Logging.Abstractions;

namespace Asha.Cluster.Tests;

/// <summary>A node's <c>/metrics</c> where other machines reach it: over TLS, and for whoever has the token.</summary>
public sealed class NodeMetricsTests : IDisposable
{
    private const string Token = "a-token-of-metrics-alone";

    private readonly string _folder = Directory.CreateTempSubdirectory("asha-metrics-").FullName;
    private readonly HostPort _anywhere = new("0.0.0.0", 0);
    private readonly TestAuthority _authority;
    private readonly TlsFiles _files;
    private readonly TlsIdentity _identity;

    public NodeMetricsTests()
    {
        _authority = new TestAuthority(_folder);
        _files = _authority.Issue("node", "localhost");
        _identity = TlsIdentity.Load(_files, "localhost", DateTimeOffset.UtcNow);
        File.WriteAllText(Path.Combine(_folder, "token"), $"{Token}\n");
    }

    [Fact]
    public async Task Beyond_loopback_it_is_answered_over_TLS_and_with_the_token_alone()
    {
        string? problem = "this node is not in the cluster";
        using var metrics = new EngineMetrics(TimeProvider.System);
        metrics.ShowUnstored(0);
        using var exported = MetricsExport.Of();
        await using var server = await MetricsServer.StartAsync(_anywhere, Settings(_files), _identity, NullLoggerFactory.Instance, exported, () => problem);
        var authority = $"localhost:{new Uri(server.Address).Port}";
        Assert.StartsWith("https://", server.Address, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync($"https://{authority}/metrics", null)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync($"https://{authority}/metrics", "another-token-than-that")).Status);
        Assert.Contains("asha_queue_length{queue=\"reports\"} 0", (await AskAsync($"https://{authority}/metrics", Token)).Text, StringComparison.Ordinal);
        Assert.Contains("GET /metrics, /health/live and /health/ready are all that there is", (await AskAsync($"https://{authority}/v1/nodes", Token)).Text, StringComparison.Ordinal);
        // Health needs no token: it says nothing else.
        Assert.Equal((HttpStatusCode.OK, """{"status":"live"}"""), await AskAsync($"https://{authority}/health/live", null));
        var (status, text) = await AskAsync($"https://{authority}/health/ready", null);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains(problem, text, StringComparison.Ordinal);
        problem = null;
        Assert.Equal((HttpStatusCode.OK, """{"status":"ready"}"""), await AskAsync($"https://{authority}/health/ready", null));
        await Assert.ThrowsAsync<HttpRequestException>(() => AskAsync($"http://{authority}/metrics", Token));
    }

    [Fact]
    public async Task Without_a_certificate_for_its_name_it_does_not_listen()
    {
        using var exported = MetricsExport.Of();
        foreach (var (at, identity, why) in new[] { (_anywhere, null, "metrics: 0.0.0.0:0: can be reached from other machines, and needs tls"), (new HostPort("gpu-1.example.org", 0), _identity, "is for localhost, but is to be reached as gpu-1.example.org (metrics)") })
            Assert.Contains(why, (await Assert.ThrowsAsync<UserErrorException>(async () => await MetricsServer.StartAsync(at, Settings(_files), identity, NullLoggerFactory.Instance, exported, () => null))).Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private NodeSettings Settings(TlsFiles tls) => new() { Listen = new HostPort("localhost", 7601), Join = [], Data = _folder, Name = "n", Slots = 1, Cpus = 1, Tls = tls, Metrics = _anywhere, TokenFile = Path.Combine(_folder, "token") };

    private async Task<(HttpStatusCode Status, string Text)> AskAsync(string url, string? token)
    {
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(_authority.Ca));
        using var client = new HttpClient(handler);
        client.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        var response = await client.GetAsync(url);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
