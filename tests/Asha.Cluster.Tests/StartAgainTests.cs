using System.Net;
using System.Net.Sockets;
using Asha.Cluster.Settings;
using Asha.Cluster.Tests.Harness;
using Asha.Tuning;
using Microsoft.Extensions.Logging.Abstractions;

namespace Asha.Cluster.Tests;

/// <summary>A member whose address cannot be had at the moment at which it comes back.</summary>
public sealed class StartAgainTests
{
    private readonly MemberSystem _member;
    private readonly HostPort _listen = new("127.0.0.1", FreePorts.Some(1).Single());

    public StartAgainTests() => _member = new MemberSystem(
        new NodeSettings { Listen = _listen, Join = [new HostPort("127.0.0.1", 1)], Data = "/nowhere", Name = "n", Slots = 1, Cpus = 1, Insecure = true }, null, NullLoggerFactory.Instance);

    [Fact]
    public async Task It_says_so_once_and_is_back_when_the_address_is()
    {
        await _member.Start().Terminate();
        var said = new List<string>();
        Task<Akka.Actor.ActorSystem?> again;
        using (var other = Taken())
        {
            again = _member.StartAgainAsync(said.Add, CancellationToken.None);
            Assert.StartsWith($"not back yet: listen: {_listen}: cannot be listened on: ", Assert.Single(said), StringComparison.Ordinal);
            Assert.False(again.IsCompleted);
        }
        var system = await again.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Single(said);
        await system!.Terminate();
    }

    [Fact]
    public async Task It_leaves_while_it_waits()
    {
        await _member.Start().Terminate();
        using var other = Taken();
        using var leave = new CancellationTokenSource();
        var again = _member.StartAgainAsync(_ => { }, leave.Token);
        await leave.CancelAsync();
        Assert.Null(await again.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void At_first_it_is_a_mistake_in_the_settings()
    {
        using var other = Taken();
        Assert.Contains("cannot be listened on", Assert.Throws<UserErrorException>(_member.Start).Message, StringComparison.Ordinal);
    }

    private TcpListener Taken()
    {
        var listener = new TcpListener(IPAddress.Loopback, _listen.Port);
        listener.Start();
        return listener;
    }
}
