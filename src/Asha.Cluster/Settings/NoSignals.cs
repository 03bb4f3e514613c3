using Microsoft.Extensions.Hosting;

namespace Asha.Cluster.Settings;

/// <summary>A web server in a process that is no web application: SIGTERM and Ctrl-C are the process's own. The usual lifetime would take them, too, and a second SIGTERM would not end the process where it stands.</summary>
internal sealed class NoSignals : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
