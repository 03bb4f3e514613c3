using Asha.Cluster.Settings;
using Asha.Tuning;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Asha.Cluster.Metrics;

/// <summary>Where a node answers Prometheus: on this machine alone, in plain text. Its other server is for members of the cluster, by their certificates.</summary>
internal sealed class MetricsServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private MetricsServer(WebApplication app, HostPort address) => (_app, Address) = (app, address);

    /// <summary>Where it listens.</summary>
    public HostPort Address { get; }

    /// <summary>Starts it.</summary>
    /// <param name="at">Where, on loopback.</param>
    /// <param name="log">Where its words go.</param>
    /// <param name="metrics">What it answers.</param>
    /// <exception cref="UserErrorException">It cannot listen there.</exception>
    public static async Task<MetricsServer> StartAsync(HostPort at, ILoggerFactory log, MetricsExport metrics)
    {
        var builder = WebServer.Builder(log);
        builder.WebHost.ConfigureKestrel(kestrel => WebServer.Listen(kestrel, WebServer.Addresses(at, "metrics"), at.Port, _ => { }));
        var app = builder.Build();
        app.Use((context, next) =>
        {
            if (WebServer.IsOwnName(context.Request, at))
                return next(context);
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return Task.CompletedTask;
        });
        metrics.Map(app);
        return new MetricsServer(app, await WebServer.StartAsync(app, at, "metrics", "Give each node of a machine another port, or 0 for any that is free.").ConfigureAwait(false));
    }

    public ValueTask DisposeAsync() => WebServer.EndAsync(_app);
}
