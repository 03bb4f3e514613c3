using Asha.Cluster.Api;
using Asha.Cluster.Security;
using Asha.Cluster.Settings;
using Asha.Tuning;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Asha.Cluster.Metrics;

/// <summary>Where a node answers Prometheus, and whoever asks for its health, under the same guard as a coordinator's API. Its other server is for members of the cluster, by their certificates.</summary>
internal sealed class MetricsServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private MetricsServer(WebApplication app, string address) => (_app, Address) = (app, address);

    /// <summary>Where it listens, as a URL.</summary>
    public string Address { get; }

    /// <summary>Starts it.</summary>
    /// <param name="at">Where.</param>
    /// <param name="settings">The node's, with the token.</param>
    /// <param name="identity">The process's certificate; used where others can connect.</param>
    /// <param name="log">Where its words go.</param>
    /// <param name="metrics">What it answers.</param>
    /// <param name="problem">Why the node can be of no use at the moment; <c>null</c>: it can.</param>
    /// <exception cref="UserErrorException">It cannot listen there, or must not.</exception>
    public static async Task<MetricsServer> StartAsync(HostPort at, MemberSettings settings, TlsIdentity? identity, ILoggerFactory log, MetricsExport metrics, Func<string?> problem)
    {
        var endpoint = WebServer.Endpoint(at, "metrics", settings, identity);
        var builder = WebServer.Builder(log);
        builder.WebHost.ConfigureKestrel(kestrel => WebServer.Listen(kestrel, WebServer.Addresses(at, "metrics"), at.Port, endpoint));
        var app = builder.Build();
        var guard = new ApiGuard(ApiToken.Read(settings.TokenFile), at);
        app.Use((context, next) => ApiProblems.CatchAsync(context, log, "GET /metrics, /health/live and /health/ready are all that there is.", () =>
        {
            guard.Check(context.Request);
            return next(context);
        }));
        metrics.Map(app);
        new HealthEndpoints(() => Task.FromResult(problem())).Map(app);
        var bound = await WebServer.StartAsync(app, at, "metrics", "Give each node of a machine another port, or 0 for any that is free.").ConfigureAwait(false);
        return new MetricsServer(app, WebServer.Url(bound));
    }

    public ValueTask DisposeAsync() => WebServer.EndAsync(_app);
}
