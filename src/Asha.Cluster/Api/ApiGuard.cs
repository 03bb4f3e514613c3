using System.Net;
using System.Security.Cryptography;
using System.Text;
using Asha.Cluster.Settings;
using Microsoft.AspNetCore.Http;

namespace Asha.Cluster.Api;

/// <summary>
/// Who may ask. With a token, whoever shows it. Without one, which is for loopback alone, programs of this machine, but no page that a browser of it shows: a page can have its own name lead to 127.0.0.1 (DNS rebinding; then <c>Host</c> is that name),
/// and can send simple requests across sites (then <c>Origin</c> is not ours). Whether it is live and ready, it tells without the token, too.
/// </summary>
/// <param name="token">The bearer token; <c>null</c>: none is asked for.</param>
/// <param name="api">Where it listens.</param>
internal sealed class ApiGuard(string? token, HostPort api)
{
    private const string Scheme = "Bearer ";

    private readonly byte[]? _token = token is null ? null : Hash(token);

    /// <exception cref="ApiProblemException">Whoever asks may not.</exception>
    public void Check(HttpRequest request)
    {
        if (api.IsLoopback && !WebServer.IsOwnName(request, api))
            throw new ApiProblemException(HttpStatusCode.BadRequest, $"Host: is {Shown(request.Host.Value)}, but this process listens on loopback and answers to localhost, 127.0.0.1, [::1] and {api.Host} alone", "Use one of these names.");
        if (request.Headers.Origin.ToString() is { Length: > 0 } origin && !(Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase)))
            throw new ApiProblemException(HttpStatusCode.Forbidden, $"Origin: is {Shown(origin)}: pages of other sites may not use this API");
        if (_token is null || request.Path.StartsWithSegments(HealthEndpoints.Root, StringComparison.Ordinal))
            return;
        var given = request.Headers.Authorization.ToString();
        // Of the same length whatever was sent, and compared in a time that tells nothing of where they differ.
        if (!given.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || !CryptographicOperations.FixedTimeEquals(Hash(given[Scheme.Length..].Trim()), _token))
            throw new ApiProblemException(HttpStatusCode.Unauthorized, given.Length == 0 ? "Authorization: is missing" : "Authorization: is not the token of this cluster", "Send 'Authorization: Bearer TOKEN', with what is in its token-file (asha: ASHA_TOKEN or --token-file).");
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    private static string Shown(string? text) => text is { Length: > 0 and <= 100 } ? $"'{text}'" : text is { Length: > 100 } ? $"'{text[..100]}…'" : "missing";
}
