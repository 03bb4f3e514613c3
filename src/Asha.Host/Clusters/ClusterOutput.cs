using Asha.Cluster.Logs;
using Asha.Host.Cli;
using Asha.Host.ClusterSettings;
using Serilog.Core;

namespace Asha.Host.Clusters;

/// <summary>
/// The standard output of a cluster on one machine: each process's lines after its name. Where they are objects, they are passed on as they are (they say themselves whose they are), and what else is said becomes one, too.
/// </summary>
internal sealed class ClusterOutput(LogSettings log) : IDisposable
{
    private readonly Logger? _objects = log is { IsJson: true, IsOnOutput: true } ? MemberLog.OnOutput(log, "cluster", "cluster") : null;

    /// <param name="name">Whose line it is; empty: this process's.</param>
    /// <param name="line">The line.</param>
    public void Tell(string name, string line)
    {
        if (_objects is null)
            Console.Out.WriteLine(Output.Clean(name == "" ? line : $"{name}: {line}"));
        else if (line.StartsWith('{'))
            Console.Out.WriteLine(line);
        else
            (name == "" ? _objects : _objects.ForContext("Node", name)).Information("{Line}", line);
    }

    public void Dispose() => _objects?.Dispose();
}
