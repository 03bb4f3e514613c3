using System.Buffers;
using System.Globalization;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Asha.Actors.Execution;
using Asha.Cluster.Security;
using Asha.Cluster.Settings;
using Asha.Core.Experiments;

namespace Asha.Cluster.Nodes;

/// <summary>Reads what another node's <see cref="FilesServer"/> hands out. It shows this node's certificate, and takes nobody's that is not of the same CA and for the name that was asked.</summary>
internal sealed class FilesClient : IDisposable
{
    private const int BufferBytes = 256 << 10;

    /// <summary>Slower than this on the whole it is not waited for.</summary>
    private const double BytesPerSecond = 1e6;

    private readonly HttpClient _http;
    private readonly string _scheme;
    private readonly TimeSpan _patience;

    /// <param name="identity">The node's certificate; <c>null</c>: plain text, which goes to loopback alone.</param>
    /// <param name="patience">So long nothing may come.</param>
    public FilesClient(TlsIdentity? identity, TimeSpan patience)
    {
        (_scheme, _patience) = (identity is null ? "http" : "https", patience);
        var handler = new SocketsHttpHandler { ConnectTimeout = patience / 4, UseProxy = false, AllowAutoRedirect = false, UseCookies = false, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30) };
        if (identity is not null)
        {
            handler.SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificateContext = identity.Shown,
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                RemoteCertificateValidationCallback = (_, certificate, _, errors) => PeerCheck.Refusal(identity, certificate as X509Certificate2, "", errors, DateTimeOffset.UtcNow, PeerCheck.Resolve) is { } refusal
                    ? throw new AuthenticationException($"its certificate {refusal}")
                    : true,
            };
        }
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = 2 * BoundedLog.DefaultLimit };
    }

    /// <summary>Where a checkpoint's manifest is.</summary>
    public Uri ManifestAt(HostPort holder, string run, int trial, CheckpointRef checkpoint)
        => new($"{_scheme}://{holder}/v1/checkpoints/{run}/{trial}/{checkpoint.Attempt}?path={Uri.EscapeDataString(checkpoint.Path)}");

    /// <summary>Where one of its files is.</summary>
    public Uri FileAt(HostPort holder, string run, int trial, CheckpointRef checkpoint, string file)
        => new($"{_scheme}://{holder}/v1/checkpoints/{run}/{trial}/{checkpoint.Attempt}/file?path={Uri.EscapeDataString(checkpoint.Path)}&file={Uri.EscapeDataString(file)}");

    /// <summary>Reads what a trial has printed on a node, after so much of it; it is no longer than a node's logs may be.</summary>
    /// <exception cref="HttpRequestException">It is not handed out; <see cref="HttpRequestException.StatusCode"/> is 404 where it is not there.</exception>
    public async Task<LogPiece> ReadLogAsync(HostPort holder, string run, string name, long after, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(_patience);
        using var response = await _http.GetAsync(new Uri($"{_scheme}://{holder}/v1/logs/{run}/{Uri.EscapeDataString(name)}?after={after}"), limit.Token).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        var position = response.Headers.TryGetValues(LogPiece.Header, out var said) && long.TryParse(said.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var read) ? read : (long?)null;
        return new LogPiece(await response.Content.ReadAsByteArrayAsync(limit.Token).ConfigureAwait(false), position);
    }

    /// <summary>Reads one file.</summary>
    /// <param name="from">Where it is.</param>
    /// <param name="to">Is written to.</param>
    /// <param name="most">Bytes that it may have at most.</param>
    /// <param name="stop">It is not wanted any more.</param>
    /// <exception cref="HttpRequestException">It is not handed out; <see cref="HttpRequestException.StatusCode"/> is 404 where it is not there.</exception>
    /// <exception cref="TimeoutException">Nothing came for too long, or too little.</exception>
    /// <exception cref="CheckpointDiffersException">There is more of it than there may be.</exception>
    /// <exception cref="CannotBeKeptException">It cannot be written here.</exception>
    public async Task ReadAsync(Uri from, FileStream to, long most, CancellationToken stop)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        using var whole = CancellationTokenSource.CreateLinkedTokenSource(stop);
        whole.CancelAfter(_patience + TimeSpan.FromSeconds(most / BytesPerSecond));
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(whole.Token);
        silence.CancelAfter(_patience);
        try
        {
            using var response = await _http.GetAsync(from, HttpCompletionOption.ResponseHeadersRead, silence.Token).ConfigureAwait(false);
            response.EnsureSuccessStatusCode();
            await using var content = await response.Content.ReadAsStreamAsync(silence.Token).ConfigureAwait(false);
            var sum = 0L;
            for (int count; (count = await content.ReadAsync(buffer, silence.Token).ConfigureAwait(false)) > 0;)
            {
                silence.CancelAfter(_patience);
                if ((sum += count) > most)
                    throw new CheckpointDiffersException($"there is more of it than {most} bytes");
                await WriteAsync(to, buffer.AsMemory(0, count), stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new TimeoutException(whole.IsCancellationRequested ? "it came too slowly" : $"nothing came for {_patience.TotalSeconds:0.#} s");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public void Dispose() => _http.Dispose();

    private static async Task WriteAsync(FileStream to, ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        try
        {
            await to.WriteAsync(bytes, stop).ConfigureAwait(false);
        }
        catch (IOException error)
        {
            throw new CannotBeKeptException(error.Message);
        }
    }
}

/// <summary>There is no place for it on this node.</summary>
internal sealed class CannotBeKeptException(string message) : Exception(message);
