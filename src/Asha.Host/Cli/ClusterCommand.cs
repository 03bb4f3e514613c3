using System.CommandLine;
using Asha.Host.Clusters;
using Asha.Host.Tuning;
using Asha.Tuning;
using Asha.Tuning.Journals;

namespace Asha.Host.Cli;

/// <summary><c>asha cluster up</c>: a cluster of real processes on this machine, to play with.</summary>
internal static class ClusterCommand
{
    private const int Most = 9;

    public static Command Create()
    {
        var coordinators = new Option<int>("--coordinators") { Description = "How many.", DefaultValueFactory = _ => 1 };
        var nodes = new Option<int>("--nodes") { Description = "How many.", DefaultValueFactory = _ => 2 };
        var slots = new Option<int>("--slots") { Description = "Trials at a time on each node.", DefaultValueFactory = _ => 1 };
        var data = new Option<string?>("--data") { Description = "Where the processes keep what they have; left out, a folder that goes with them.", HelpName = "folder" };
        var up = new Command("up", "Starts coordinators and nodes on this machine, without TLS, until Ctrl-C.") { coordinators, nodes, slots, data };
        up.SetAction(async (parsed, _) =>
        {
            var (wanted, of) = (parsed.GetValue(coordinators), parsed.GetValue(nodes));
            Within(wanted, 1, "--coordinators");
            Within(of, 0, "--nodes");
            Within(parsed.GetValue(slots), 1, "--slots");
            if (wanted > 1 && JournalServer.FromEnvironment() is null)
                throw new UserErrorException($"--coordinators {wanted}: the journal would be a file of one coordinator (SQLite), and whoever takes over could not read it", $"Give them a PostgreSQL database, {JournalServer.Variable}='Host=…;Database=…;Username=…;Password=…', or start one coordinator.");
            using var interrupt = new CancellationTokenSource();
            using var signals = new InterruptSignals(interrupt, Console.Out.WriteLine, () => { }, "ending all processes");
            return await LocalCluster.RunAsync(wanted, of, parsed.GetValue(slots), parsed.GetValue(data), line => Console.Out.WriteLine(Output.Clean(line)), interrupt.Token) ? ExitCode.Done : ExitCode.Failed;
        });
        return new Command("cluster", "A cluster of processes on this machine, to play with.") { up };
    }

    private static void Within(int value, int least, string option)
    {
        if (value < least || value > Most)
            throw new UserErrorException($"{option} {value}: must be between {least} and {Most}");
    }
}
