using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Asha.Cluster.Client;

/// <summary>What listens where a coordinator did not answer as it should: TLS, where plain http was spoken to it, or the other way round. It is asked anew, without the token.</summary>
internal static class SchemeProbe
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(3);

    /// <summary>What is wrong with the address, and which would be right; <c>null</c>: that is not it.</summary>
    public static async Task<string?> MistakeAsync(Uri server, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(_patience);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(server.Host.Trim('[', ']'), server.Port, limit.Token).ConfigureAwait(false);
            await using var stream = client.GetStream();
            if (server.Scheme == Uri.UriSchemeHttp)
                return await SpeaksTlsAsync(stream, server, limit.Token).ConfigureAwait(false) ? $"speaks TLS, not plain http: use https://{server.Authority}, with --ca, the CA of the coordinators' certificates" : null;
            return !await SpeaksHttpAsync(stream, server, limit.Token).ConfigureAwait(false) ? null
                : server.IsLoopback ? $"speaks plain http, not TLS, as a coordinator does on loopback: use http://{server.Authority}"
                : "speaks plain http, not TLS; a coordinator's API that other machines can reach speaks TLS: is this its address ('api' in its settings)?";
        }
        catch (Exception silent) when (silent is SocketException or IOException || (silent is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return null;
        }
    }

    private static async Task<bool> SpeaksTlsAsync(NetworkStream stream, Uri server, CancellationToken cancel)
    {
        var hasShown = false;
        await using var secured = new SslStream(stream, leaveInnerStreamOpen: true);
        try
        {
            await secured.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = server.Host,
                // Nothing is said to it, and nothing it says is believed: that it has a certificate is all there is to know.
                RemoteCertificateValidationCallback = (_, certificate, _, _) => !(hasShown = certificate is not null),
            }, cancel).ConfigureAwait(false);
        }
        catch (Exception refused) when (refused is AuthenticationException or IOException)
        {
        }
        return hasShown;
    }

    private static async Task<bool> SpeaksHttpAsync(NetworkStream stream, Uri server, CancellationToken cancel)
    {
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"HEAD / HTTP/1.1\r\nHost: {server.Authority}\r\nConnection: close\r\n\r\n"), cancel).ConfigureAwait(false);
        var begin = new byte[5];
        return await stream.ReadAtLeastAsync(begin, begin.Length, throwOnEndOfStream: false, cancel).ConfigureAwait(false) == begin.Length && begin.AsSpan().SequenceEqual("HTTP/"u8);
    }
}
