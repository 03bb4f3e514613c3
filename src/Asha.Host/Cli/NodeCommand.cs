using System.CommandLine;
using Asha.Cluster.Nodes;
using Asha.Host.ClusterSettings;

namespace Asha.Host.Cli;

/// <summary><c>asha node</c>: a machine that runs trials of a cluster, until it is told to leave.</summary>
internal static class NodeCommand
{
    public static Command Create()
    {
        var options = new MemberOptions(
            ("name", "name", "What people call it (the machine's name)."),
            ("slots", "n", "Trials at a time (a slot for each CPU)."),
            ("cpus", "n", "CPUs that its slots share (all)."),
            ("memory", "size", "Memory that its slots share, such as 64GB."),
            ("gpus", "n", "GPUs that its slots share (none)."),
            ("labels", "word", "Words that experiments may ask for."),
            ("files", "host:port", "Where others fetch checkpoints (listen's host, any port)."),
            ("metrics", "host:port", "Where it answers Prometheus (nowhere)."),
            ("checkpoints", "folder", "A folder that all nodes have, for checkpoints: then none is fetched."));
        var command = new Command("node", "A machine of a cluster that runs trials.");
        options.AddTo(command);
        command.SetAction((parsed, _) =>
        {
            var settings = options.Read(parsed, SettingsReader.Node);
            return MemberOptions.RunAsync(settings, (log, say, leave) => new NodeProcess(settings, log, say).RunAsync(leave));
        });
        return command;
    }
}
