using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Asha.Host.Cli;

namespace Asha.Host.Clusters;

/// <summary>Coordinators and nodes of one machine, each a process, from their start to their end.</summary>
internal static class LocalCluster
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(40);

    /// <summary>Runs them until somebody has them end, or one of them does by itself.</summary>
    /// <param name="coordinators">How many, ≥ 1.</param>
    /// <param name="nodes">How many.</param>
    /// <param name="slots">Of each node.</param>
    /// <param name="data">Where they keep what they have; <c>null</c>: a folder that goes with them.</param>
    /// <param name="log">Options of each, that say what its log is to be.</param>
    /// <param name="tell">Tells people what happens: who says so, empty: this process; and the line.</param>
    /// <returns>Whether all ended as they ought to.</returns>
    public static async Task<bool> RunAsync(int coordinators, int nodes, int slots, string? data, string[] log, Action<string, string> tell, CancellationToken stop)
    {
        Action<string> say = line => tell("", line);
        var folder = data is null ? Directory.CreateTempSubdirectory("asha-cluster-up-").FullName : Path.GetFullPath(data);
        var members = new List<LocalMember>();
        try
        {
            var ports = Ports(2 * coordinators, preferred: 7610);
            string[] apis = [.. ports[..coordinators].Select(port => $"127.0.0.1:{port}")], listens = [.. ports[coordinators..].Select(port => $"127.0.0.1:{port}")];
            var join = string.Join(',', listens);
            for (var index = 0; index < coordinators; index++)
                members.Add(new LocalMember($"coordinator-{index + 1}", folder, tell, ["serve", "--listen", listens[index], "--api", apis[index], "--join", join, .. log]));
            for (var index = 0; index < nodes; index++)
            {
                var name = $"node-{index + 1}";
                members.Add(new LocalMember(name, folder, tell, ["node", "--name", name, "--slots", slots.ToString(CultureInfo.InvariantCulture), "--join", join, .. log]));
            }
            var servers = string.Join(',', apis.Select(api => $"http://{api}"));
            say($"what they keep: {folder}{(data is null ? " (goes with them)" : "")}");
            say($"commands: export {ServerOptions.Variable}={servers}");
            say("Ctrl-C ends all of them");
            await UntilAsync(members, say, stop);
            return await EndAsync(members, say) && stop.IsCancellationRequested;
        }
        finally
        {
            members.ForEach(member => member.Dispose());
            if (data is null)
                Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Waits until somebody has them end, or no coordinator is left. A node may have been drained, or be killed to see what happens.</summary>
    private static async Task UntilAsync(List<LocalMember> members, Action<string> say, CancellationToken stop)
    {
        List<LocalMember> running = [.. members];
        while (running.Exists(member => member.IsCoordinator))
        {
            var first = await Task.WhenAny(running.Select(member => member.Ended).Append(Task.Delay(Timeout.Infinite, stop)));
            if (stop.IsCancellationRequested)
                return;
            var gone = running.Find(member => member.Ended == first)!;
            running.Remove(gone);
            say($"{gone.Name} has ended ({gone.ExitCode})");
        }
        say("no coordinator is left; so the others end");
    }

    /// <summary>Nodes first: what they were doing is over then, and coordinators have nothing to hand over.</summary>
    private static async Task<bool> EndAsync(List<LocalMember> members, Action<string> say)
    {
        foreach (var group in members.GroupBy(member => member.IsCoordinator).OrderBy(group => group.Key))
        {
            foreach (var member in group)
                member.Leave();
            await Task.WhenAny(Task.WhenAll(group.Select(member => member.Ended)), Task.Delay(_patience));
        }
        foreach (var stuck in members.Where(member => !member.Ended.IsCompleted))
            say($"{stuck.Name} did not end within {_patience.TotalSeconds:0} s, and is killed");
        return members.TrueForAll(member => member.Ended.IsCompleted);
    }

    /// <summary>Ports that are free: the preferred and those after it, where they are.</summary>
    private static int[] Ports(int count, int preferred)
    {
        var found = new List<int>();
        for (var port = preferred; found.Count < count && port <= IPEndPoint.MaxPort; port++)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                found.Add(port);
            }
            catch (SocketException)
            {
            }
        }
        return [.. found];
    }
}
