using System.Net;
using System.Net.Sockets;
using Asha.Cluster.Nodes;
using Asha.Cluster.Settings;
using Asha.Tuning;
using Microsoft.Extensions.Logging.Abstractions;

namespace Asha.Cluster.Tests;

/// <summary>A node that is started again on its old folder hands its files out where journals say that they are.</summary>
public sealed class KeptPortTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("asha-port-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    private async Task<HostPort> AddressAsync(int port = 0)
    {
        await using var server = await KeptPort.StartAsync(new HostPort("127.0.0.1", port), _data, at => FilesServer.StartAsync(at, null, NullLoggerFactory.Instance, _ => null));
        return server.Address;
    }

    [Fact]
    public async Task Any_port_is_the_same_the_next_time_unless_somebody_has_it()
    {
        var first = await AddressAsync();
        Assert.Equal(first, await AddressAsync());
        using (var taken = new TcpListener(IPAddress.Loopback, first.Port))
        {
            taken.Start();
            var second = await AddressAsync();
            Assert.NotEqual(first, second);
            taken.Stop();
            Assert.Equal(second, await AddressAsync());
        }
    }

    [Fact]
    public async Task A_port_that_was_said_is_that_one_or_none()
    {
        var kept = await AddressAsync();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await Assert.ThrowsAsync<UserErrorException>(() => AddressAsync(((IPEndPoint)taken.LocalEndpoint).Port));
        Assert.Equal(kept, await AddressAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("22")]
    [InlineData("70000")]
    [InlineData("none")]
    public async Task What_is_no_port_of_an_ordinary_user_is_not_tried(string text)
    {
        File.WriteAllText(Path.Combine(_data, "files.port"), text);
        Assert.InRange((await AddressAsync()).Port, 1024, 65535);
    }
}
