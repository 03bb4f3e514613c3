using Asha.Cluster.Coordinators;
using Asha.Cluster.Metrics;
using Asha.Cluster.Nodes;
using Asha.Cluster.Security;
using Asha.Cluster.Settings;
using Asha.Tuning;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Asha.Cluster.Api;

/// <summary>A coordinator's HTTP API. It lives as long as the process; the actor systems behind it come and go.</summary>
internal sealed class ApiServer : IAsyncDisposable
{
    /// <summary>An experiment file has 1 MiB at most.</summary>
    private const long MostBytes = (1 << 20) + (64 << 10);

    private readonly WebApplication _app;
    private readonly RunLines _lines;
    private readonly JournalReaders _readers;

    private ApiServer(WebApplication app, RunLines lines, JournalReaders readers, string address) => (_app, _lines, _readers, Address) = (app, lines, readers, address);

    /// <summary>Where it listens, as a URL.</summary>
    public string Address { get; }

    /// <summary>Starts it.</summary>
    /// <param name="settings">Where, with which token.</param>
    /// <param name="identity">The process's certificate; used where others can connect.</param>
    /// <param name="log">Where its words go.</param>
    /// <param name="registry">Where commands go.</param>
    /// <param name="runs">What the journals say.</param>
    /// <param name="formats">How experiments are read and summaries written.</param>
    /// <param name="files">Reads logs from nodes.</param>
    /// <param name="health">What <c>/health/ready</c> answers.</param>
    /// <param name="metrics">What <c>/metrics</c> answers.</param>
    /// <exception cref="UserErrorException">It cannot listen there, or must not.</exception>
    public static async Task<ApiServer> StartAsync(CoordinatorSettings settings, TlsIdentity? identity, ILoggerFactory log, RegistryDoor registry, RunFolds runs, ApiFormats formats, FilesClient files, CoordinatorHealth health, MetricsExport metrics)
    {
        var builder = WebServer.Builder(log);
        builder.Services.AddOpenApi("v1", ApiDescription.Describe);
        // What cannot be read is answered as all else, and says which it is.
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Plain));
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, settings.Api, WebServer.Endpoint(settings.Api, "api", settings, identity)));
        var app = builder.Build();
        var guard = new ApiGuard(ApiToken.Read(settings.TokenFile), settings.Api);
        app.Use((context, next) => ApiProblems.CatchAsync(context, log, "GET /openapi.json describes what there is.", () =>
        {
            guard.Check(context.Request);
            return next(context);
        }));
        app.MapOpenApi("/openapi.json");
        var readers = new JournalReaders();
        var looks = new RunLooks(registry, runs, readers, formats, TimeProvider.System);
        var lines = new RunLines(runs, looks, readers);
        new ExperimentEndpoints(registry, runs, looks, formats).Map(app);
        new ListEndpoints(registry, lines).Map(app);
        new NodeEndpoints(registry).Map(app);
        new LogEndpoints(registry, runs, files).Map(app);
        new HealthEndpoints(health.ProblemAsync).Map(app);
        metrics.Map(app);
        var bound = await WebServer.StartAsync(app, settings.Api, "api", "Another coordinator of this machine, most likely: give each an api of its own, or port 0 for any that is free.").ConfigureAwait(false);
        return new ApiServer(app, lines, readers, WebServer.Url(bound));
    }

    public async ValueTask DisposeAsync()
    {
        await WebServer.EndAsync(_app).ConfigureAwait(false);
        _lines.Dispose();
        _readers.Dispose();
    }

    private static void Listen(KestrelServerOptions kestrel, HostPort at, Action<ListenOptions> endpoint)
    {
        kestrel.Limits.MaxRequestBodySize = MostBytes;
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 << 10;
        WebServer.Listen(kestrel, WebServer.Addresses(at, "api"), at.Port, endpoint);
    }
}
