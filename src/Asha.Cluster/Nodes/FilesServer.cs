using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Asha.Actors.Execution;
using Asha.Cluster.Security;
using Asha.Cluster.Settings;
using Asha.Tuning;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace Asha.Cluster.Nodes;

/// <summary>
/// Hands out the checkpoints that were published on this node, and what trials printed here, to the others: HTTPS, and whoever connects shows a certificate of the same CA for the address that it connects from, as in remoting. Read-only. Plain http is for loopback alone, as all plain text is.
/// </summary>
internal sealed class FilesServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FilesServer(WebApplication app, HostPort address) => (_app, Address) = (app, address);

    /// <summary>Where the others reach it.</summary>
    public HostPort Address { get; }

    /// <summary>Starts it.</summary>
    /// <param name="at">Where; port 0: any that is free.</param>
    /// <param name="identity">The node's certificate; <c>null</c>: plain text on loopback.</param>
    /// <param name="log">Where its words go.</param>
    /// <param name="storeOf">The checkpoints of a run, by its name as it came in; <c>null</c>: there is no such run here.</param>
    /// <param name="logOf">What a trial of a run has printed here after so much of it; there is none: there is no such log. Left out: it hands out no logs.</param>
    /// <exception cref="UserErrorException">It cannot listen there, or must not.</exception>
    public static async Task<FilesServer> StartAsync(HostPort at, TlsIdentity? identity, ILoggerFactory log, Func<string, CheckpointStore?> storeOf, Func<string, string, long, LogPiece?>? logOf = null)
    {
        if (identity is not null && !identity.Certificate.MatchesHostname(at.Host, allowWildcards: true, allowCommonName: false))
            throw new UserErrorException($"tls.certificate: is for {string.Join(", ", TlsIdentity.Names(identity.Certificate))}, but checkpoints are to be fetched from {at.Host} (files)");
        var builder = WebServer.Builder(log);
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, at, identity, log.CreateLogger<FilesServer>()));
        var app = builder.Build();
        // A page in a browser of this machine can have its own name lead to 127.0.0.1.
        if (identity is null)
            app.Use((context, next) => context.Request.Host.Host is "localhost" or "127.0.0.1" or "[::1]" ? next(context) : Refuse(context));
        app.MapGet("/v1/checkpoints/{run}/{trial:int:min(0)}/{attempt:int:min(1)}", (string run, int trial, int attempt, string path)
            => Answer(storeOf(run)?.OpenManifest(trial, attempt, path)));
        app.MapGet("/v1/checkpoints/{run}/{trial:int:min(0)}/{attempt:int:min(1)}/file", (string run, int trial, int attempt, string path, string file)
            => Answer(storeOf(run)?.OpenFile(trial, attempt, path, file)));
        app.MapGet("/v1/logs/{run}/{name}", (HttpContext context, string run, string name, long after = 0) => Answer(context, logOf?.Invoke(run, name, Math.Max(after, 0))));
        try
        {
            return new FilesServer(app, await WebServer.StartAsync(app, at, "files", "Give each node of a machine another port, or 0 for any that is free.").ConfigureAwait(false));
        }
        catch (UserErrorException)
        {
            await app.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public ValueTask DisposeAsync() => WebServer.EndAsync(_app);

    private static IResult Answer(FileStream? file) => file is null ? Results.NotFound() : Results.Stream(file, "application/octet-stream");

    private static IResult Answer(HttpContext context, LogPiece? log)
    {
        if (log is null)
            return Results.NotFound();
        context.Response.Headers[LogPiece.Header] = log.Position?.ToString(CultureInfo.InvariantCulture);
        return Results.Bytes(log.Bytes, "application/octet-stream");
    }

    private static Task Refuse(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        return Task.CompletedTask;
    }

    private static void Listen(KestrelServerOptions kestrel, HostPort at, TlsIdentity? identity, ILogger log)
    {
        kestrel.Limits.MaxRequestBodySize = 0;
        kestrel.Limits.MaxRequestHeadersTotalSize = 32 << 10; // A path may have 4 KiB, and each byte of it three letters in a URL.
        kestrel.Limits.MaxRequestLineSize = 32 << 10;
        // Any port that is free is another for each address.
        WebServer.Listen(kestrel, WebServer.Addresses(at, "files").Take(at.Port == 0 ? 1 : int.MaxValue), at.Port, endpoint =>
        {
            if (identity is not null)
                endpoint.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = connecting => ValueTask.FromResult(Options(identity, connecting.Connection.RemoteEndPoint as IPEndPoint, log)) });
        });
    }

    private static SslServerAuthenticationOptions Options(TlsIdentity identity, IPEndPoint? peer, ILogger log) => new()
    {
        ServerCertificateContext = identity.Shown,
        ClientCertificateRequired = true,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
        {
            var now = DateTimeOffset.UtcNow;
            if (PeerCheck.Refusal(identity, certificate as X509Certificate2, $"{peer}", errors, now, PeerCheck.Resolve) is not { } refusal)
                return true;
            if (identity.Refused.Of($"{peer}", refusal, now, ", which asked for checkpoints") is { } line)
                log.LogRefused(line);
            return false;
        },
    };
}

internal static partial class FilesLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Line}")]
    public static partial void LogRefused(this ILogger log, string line);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Experiment}: trial {Trial}, attempt {Attempt}: the checkpoint {Path} of attempt {Of} could not be fetched: {Problem}")]
    public static partial void LogNotFetched(this ILogger log, string experiment, int trial, int attempt, string path, int of, string problem);
}
