using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Asha.Cluster.Tests.Harness;

/// <summary>A way for connections, on which all takes a while: each piece arrives so much later than it was sent, and as many are under way as there are.</summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly IPEndPoint _to;
    private readonly TimeSpan _delay;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _accepting;

    /// <param name="here">Where it listens, on a port of its own.</param>
    /// <param name="to">Where that leads to.</param>
    /// <param name="delay">One way.</param>
    public TcpProxy(string here, IPEndPoint to, TimeSpan delay = default)
    {
        (_to, _delay) = (to, delay);
        _listener = new TcpListener(IPAddress.Parse(here), 0);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections so far.</summary>
    public int Connections { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Stop();
        await _accepting;
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var near = await _listener.AcceptSocketAsync(_ending.Token);
                Connections++;
                _ = CarryAsync(near);
            }
        }
        catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task CarryAsync(Socket near)
    {
        using var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            (near.NoDelay, far.NoDelay) = (true, true);
            await far.ConnectAsync(_to, _ending.Token);
            await Task.WhenAll(OneWayAsync(near, far), OneWayAsync(far, near));
        }
        catch (Exception broken) when (broken is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Whoever is at the other end sees it.
        }
        finally
        {
            near.Dispose();
        }
    }

    private async Task OneWayAsync(Socket from, Socket to)
    {
        var pieces = Channel.CreateUnbounded<(long Due, byte[] Bytes)>();
        var writing = WriteAsync(pieces.Reader, to);
        try
        {
            var buffer = new byte[64 * 1024];
            for (int count; (count = await from.ReceiveAsync(buffer, _ending.Token)) > 0;)
                pieces.Writer.TryWrite((Stopwatch.GetTimestamp() + (long)(_delay.TotalSeconds * Stopwatch.Frequency), buffer[..count]));
        }
        finally
        {
            pieces.Writer.Complete();
            await writing;
        }
    }

    private async Task WriteAsync(ChannelReader<(long Due, byte[] Bytes)> pieces, Socket to)
    {
        await foreach (var (due, bytes) in pieces.ReadAllAsync(_ending.Token))
        {
            if (Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due) is { Ticks: > 0 } rest)
                await Task.Delay(rest, _ending.Token);
            for (var sent = 0; sent < bytes.Length;)
                sent += await to.SendAsync(bytes.AsMemory(sent), _ending.Token);
        }
        to.Shutdown(SocketShutdown.Send);
    }
}
