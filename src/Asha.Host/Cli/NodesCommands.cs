using System.CommandLine;

namespace Asha.Host.Cli;

/// <summary><c>asha nodes</c> and <c>asha drain NODE</c>: what a cluster runs on.</summary>
internal static class NodesCommands
{
    public static Command Nodes()
    {
        var server = new ServerOptions();
        var json = new Option<bool>("--json") { Description = "One JSON object on standard output: what GET /v1/nodes of the API says." };
        var command = new Command("nodes", "Lists the nodes of a cluster.") { json };
        server.AddTo(command);
        command.SetAction((parsed, cancel) => server.RunAsync(parsed, async client =>
        {
            if (parsed.GetValue(json))
            {
                Console.Out.WriteLine(await client.NodesTextAsync(cancel));
                return ExitCode.Done;
            }
            var table = Output.Table("node", "slots", "each: CPUs", "memory", "GPUs", "labels", "address", "");
            var nodes = (await client.NodesAsync(cancel)).Nodes;
            var shared = nodes.CountBy(node => node.Name).Where(count => count.Value > 1).Select(count => count.Key).ToHashSet();
            foreach (var node in nodes)
                table.Row(node.Name, $"{node.Slots}", node.Cpus == 0 ? "shared" : $"{node.Cpus}", node.Memory == 0 ? "" : $"{node.Memory / (double)(1L << 30):0.##} GiB", $"{node.Gpus}", string.Join(", ", node.Labels ?? []), node.Address, string.Join(", ", ((string[])[node.Draining ? "draining" : "", node.Quarantined ? "quarantined" : "", shared.Contains(node.Name) ? "another node has this name" : "", .. (node.Unfit ?? []).Select(unfit => $"cannot run {unfit}")]).Where(word => word.Length > 0)));
            if (table.Rows.Count == 0)
                Console.Error.WriteLine("asha: no node has joined ('asha node')");
            else
                Output.To(Console.Out).Write(table);
            return ExitCode.Done;
        }));
        return command;
    }

    public static Command Drain()
    {
        var server = new ServerOptions();
        var node = new Argument<string>("node") { Description = "Its name, as 'asha nodes' lists it; where two have the same, the address of one." };
        var command = new Command("drain", "Gives a node of a cluster no more jobs; it leaves when those that it has are over.") { node };
        server.AddTo(command);
        command.SetAction((parsed, cancel) => server.RunAsync(parsed, async client =>
        {
            var name = parsed.GetRequiredValue(node);
            await client.DrainAsync(name, cancel);
            Console.Out.WriteLine($"{name}: gets no more jobs, and leaves when those that it has are over");
            return ExitCode.Done;
        }));
        return command;
    }
}
