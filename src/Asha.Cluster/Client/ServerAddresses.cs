using Asha.Cluster.Api;
using Asha.Tuning;

namespace Asha.Cluster.Client;

/// <summary>Which cluster commands go to, and by what they are let in.</summary>
/// <param name="Servers">The coordinators' APIs; at least one. Whoever answers first is asked.</param>
/// <param name="Token">The bearer token; <c>null</c>: there is none.</param>
/// <param name="Ca">Path of the CA of the coordinators' certificates (PEM); <c>null</c>: the machine's own roots.</param>
internal sealed record ServerAddresses(IReadOnlyList<Uri> Servers, string? Token, string? Ca)
{
    /// <summary>Reads what the user gave.</summary>
    /// <param name="servers">URLs, with commas between them.</param>
    /// <param name="source">By what they were given, for messages.</param>
    /// <param name="token">The token itself, from the environment.</param>
    /// <param name="tokenFile">The file that has it.</param>
    /// <param name="ca">Path of the CA.</param>
    /// <exception cref="UserErrorException">Something is no address, or a token would be sent for all to read.</exception>
    public static ServerAddresses Read(string servers, string source, string? token, string? tokenFile, string? ca)
    {
        Uri[] addresses = [.. servers.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(text => Address(text, source))];
        if (addresses.Length == 0)
            throw new UserErrorException($"{source}: names no coordinator", $"{source} http://127.0.0.1:7610");
        var secret = tokenFile is null ? token : ApiToken.Read(tokenFile, "--token-file");
        if (secret is { Length: > 0 } && Array.Find(addresses, address => address is { Scheme: "http", IsLoopback: false }) is { } open)
            throw new UserErrorException($"{source}: {open.GetLeftPart(UriPartial.Authority)}: a token is not sent over plain http, where everybody on the way can read it", "Use https://");
        return new ServerAddresses(addresses, string.IsNullOrEmpty(secret) ? null : secret, ca);
    }

    private static Uri Address(string text, string source)
    {
        if (Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}", UriKind.Absolute, out var address) && address is { Scheme: "http" or "https", Host.Length: > 0, UserInfo: "", Query: "", Fragment: "", AbsolutePath: "/" })
            return address;
        throw new UserErrorException($"{source}: '{text}' is not the address of a coordinator's API, such as http://127.0.0.1:7610 or https://tuner-1.example.org:7610");
    }
}
