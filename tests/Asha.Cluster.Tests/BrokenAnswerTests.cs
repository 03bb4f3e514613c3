using System.Net;
using System.Net.Sockets;
using System.Text;
using Asha.Cluster.Client;

namespace Asha.Cluster.Tests;

/// <summary>A coordinator that goes in the middle of its answer.</summary>
public sealed class BrokenAnswerTests : IDisposable
{
    private const string Whole = """{"experiments":[],"epoch":1}""";

    private readonly List<TcpListener> _servers = [];
    private readonly CancellationTokenSource _over = new();

    public void Dispose()
    {
        _over.Cancel();
        _servers.ForEach(server => server.Dispose());
        _over.Dispose();
    }

    /// <summary>Answers whoever asks with so much of what it has announced.</summary>
    private Uri Server(int says, bool closes, string status = "200 OK")
    {
        var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        _servers.Add(server);
        _ = ServeAsync();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)server.LocalEndpoint).Port}/");

        async Task ServeAsync()
        {
            while (true)
                _ = AnswerAsync(await server.AcceptTcpClientAsync(_over.Token));
        }

        async Task AnswerAsync(TcpClient client)
        {
            using (client)
            {
                _ = await client.GetStream().ReadAsync(new byte[4096], _over.Token);
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {Whole.Length}\r\n\r\n{Whole[..says]}"), _over.Token);
                if (!closes)
                    await Task.Delay(Timeout.Infinite, _over.Token);
            }
        }
    }

    /// <param name="patience">Short where it is what ends the wait; otherwise longer than a busy machine takes to answer.</param>
    /// <param name="servers">Whom it asks.</param>
    private static AshaClient Client(double patience, params Uri[] servers) => new(new ServerAddresses(servers, null, null), TimeSpan.FromSeconds(patience));

    [Theory]
    [InlineData(true, "200 OK", "the connection broke in the middle of its answer")]
    [InlineData(false, "200 OK", "began to answer, and then said nothing for 0.5 s")]
    [InlineData(true, "503 Service Unavailable", "the connection broke in the middle of its answer")]
    public async Task It_is_said_which_and_the_next_is_asked(bool closes, string status, string words)
    {
        var broken = Server(5, closes, status);
        using var alone = Client(closes ? 20 : 0.5, broken);
        foreach (var ask in new Func<Task>[] { () => alone.ListAsync("open", 1, default), () => alone.EventsAsync("run", default), () => alone.SummaryAsync("run", default) })
            Assert.Contains(words, (await Assert.ThrowsAsync<ClusterUnreachableException>(ask)).Message, StringComparison.Ordinal);
        using var more = Client(closes ? 20 : 0.5, broken, Server(Whole.Length, closes: true));
        Assert.Equal(Whole, Encoding.UTF8.GetString(await more.EventsAsync("run", default)));
        Assert.Empty((await more.ListAsync("open", 1, default)).Experiments);
    }
}
