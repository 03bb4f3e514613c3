using System.Net;
using System.Net.Sockets;
using Asha.Cluster.Tests.Harness;
using Xunit.Abstractions;

namespace Asha.Cluster.Tests;

/// <summary>The web servers of members take nothing from the place where they are started.</summary>
public sealed class WebServerTests(ITestOutputHelper print)
{
    [Fact]
    public async Task Settings_of_others_open_nothing_and_no_folder_is_watched()
    {
        await using var cluster = new ProcessCluster(print, 1);
        var port = FreePorts.Some(1).Single();
        File.WriteAllText(Path.Combine(cluster.Folder, "appsettings.json"), """{"urls": "URL", "Kestrel": {"Endpoints": {"More": {"Url": "URL"}}}}""".Replace("URL", $"http://127.0.0.1:{port}", StringComparison.Ordinal));
        var coordinator = cluster.StartCoordinator(0);
        await coordinator.SaysAsync("API on ", Member.Patience);

        using var client = new HttpClient();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync($"{coordinator.Api}/v1/health")).StatusCode);
        using var stranger = new TcpClient();
        await Assert.ThrowsAsync<SocketException>(() => stranger.ConnectAsync(IPAddress.Loopback, port));
        Assert.DoesNotContain(Directory.GetFiles($"/proc/{coordinator.Pid}/fdinfo"), IsWatching);
    }

    /// <summary>Whether something is watched by way of it; of one that was closed meanwhile, nothing is.</summary>
    private static bool IsWatching(string descriptor)
    {
        try
        {
            return File.ReadAllText(descriptor).Contains("inotify wd:", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
