using System.Net;
using System.Net.Sockets;
using Asha.Cluster.Security;
using Asha.Tuning;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Asha.Cluster.Settings;

/// <summary>What the web servers of coordinators and nodes have in common: how they begin, how much they take from strangers, and how they end.</summary>
internal static class WebServer
{
    /// <summary>
    /// One that says its words where the engine's go, without those that tell of each request, and leaves signals to the process. It begins empty: the builders that begin with more take endpoints from <c>appsettings.json</c> and variables,
    /// which would listen without TLS, and watch that file by watching every folder below the working folder, each file that trials write included.
    /// </summary>
    public static WebApplicationBuilder Builder(ILoggerFactory log)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddProvider(new ToLog(log));
        builder.Services.AddRoutingCore().AddSingleton<IHostLifetime, NoSignals>();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        return builder;
    }

    /// <summary>Listens on each of these addresses, within bounds.</summary>
    public static void Listen(KestrelServerOptions kestrel, IEnumerable<IPAddress> addresses, int port, Action<ListenOptions> endpoint)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = 1000;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        foreach (var address in addresses)
            kestrel.Listen(address, port, endpoint);
    }

    /// <summary>What an address that is not only for members listens with: on loopback plain text; beyond it the same certificate as among the members, if it has the name that clients use.</summary>
    /// <exception cref="UserErrorException">It must not listen there.</exception>
    public static Action<ListenOptions> Endpoint(HostPort at, string key, MemberSettings settings, TlsIdentity? identity)
    {
        if (at.IsLoopback)
            return _ => { };
        if (identity is null)
            throw new UserErrorException($"{key}: {at}: can be reached from other machines, and needs tls");
        if (!at.IsAny && !identity.Certificate.MatchesHostname(at.Host, allowWildcards: true, allowCommonName: false))
            throw new UserErrorException($"tls.certificate: {settings.Tls!.Certificate}: is for {string.Join(", ", TlsIdentity.Names(identity.Certificate))}, but is to be reached as {at.Host} ({key})");
        return endpoint => endpoint.UseHttps(identity.Certificate, https => https.ServerCertificateChain = identity.Between);
    }

    /// <summary>The URL of what listens so.</summary>
    public static string Url(HostPort at) => $"{(at.IsLoopback ? "http" : "https")}://{at}";

    /// <summary>Whether a request names this machine as a server on loopback is named: a page in a browser of this machine can have its own name lead to 127.0.0.1 (DNS rebinding; then <c>Host</c> is that name).</summary>
    /// <param name="request">It has the name.</param>
    /// <param name="at">Where the server listens: that is a name of it, too.</param>
    public static bool IsOwnName(HttpRequest request, HostPort at) => request.Host.Host is "localhost" or "127.0.0.1" or "[::1]" or "::1" || request.Host.Host.Trim('[', ']') == at.Host;

    /// <summary>Starts it.</summary>
    /// <param name="app">The server.</param>
    /// <param name="at">Where it is to listen.</param>
    /// <param name="key">The setting that says so.</param>
    /// <param name="advice">What to do where somebody else listens there.</param>
    /// <returns>Where it listens: with the port that it was given, if any was to do.</returns>
    /// <exception cref="UserErrorException">It cannot listen there.</exception>
    public static async Task<HostPort> StartAsync(WebApplication app, HostPort at, string key, string advice)
    {
        try
        {
            await app.StartAsync().ConfigureAwait(false);
        }
        catch (IOException taken)
        {
            throw new UserErrorException($"{key}: {at}: cannot be listened on: {taken.GetBaseException().Message.TrimEnd('.')}", advice);
        }
        catch (SocketException none)
        {
            throw NotThere(key, at, none);
        }
        var bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return at with { Port = new Uri(bound).Port };
    }

    /// <summary>The addresses that it is to listen on.</summary>
    /// <param name="at">Where it is to listen.</param>
    /// <param name="key">The setting that says so.</param>
    /// <exception cref="UserErrorException">The name leads nowhere.</exception>
    public static IReadOnlyList<IPAddress> Addresses(HostPort at, string key)
    {
        try
        {
            return at.Addresses();
        }
        catch (SocketException unknown)
        {
            throw NotThere(key, at, unknown);
        }
    }

    private static UserErrorException NotThere(string key, HostPort at, SocketException why) => new(
        $"{key}: {at}: cannot be listened on: {why.Message.TrimEnd('.')}", HostPort.Advice(why));

    /// <summary>Ends it; what is being answered has a second.</summary>
    public static async ValueTask EndAsync(WebApplication app)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await app.StopAsync(limit.Token).ConfigureAwait(false);
        await app.DisposeAsync().ConfigureAwait(false);
    }

    private sealed class ToLog(ILoggerFactory log) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => log.CreateLogger(categoryName);

        public void Dispose() { }
    }
}
