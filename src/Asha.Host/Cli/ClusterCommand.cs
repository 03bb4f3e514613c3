using System.CommandLine;
using Asha.Cluster.Logs;
using Asha.Host.ClusterSettings;
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
        var level = new Option<string?>("--log-level") { Description = "What each logs: trace, debug, information, warning or error (information).", HelpName = "level" };
        var format = new Option<string?>("--log-format") { Description = "How: text, or json, an object a line (text).", HelpName = "format" };
        var to = new Option<string?>("--log-to") { Description = "Where: stdout, for all of them; left out, asha.log of each.", HelpName = "stdout" };
        var up = new Command("up", "Starts coordinators and nodes on this machine, without TLS, until Ctrl-C.") { coordinators, nodes, slots, data, level, format, to };
        up.SetAction(async (parsed, _) =>
        {
            var (wanted, of) = (parsed.GetValue(coordinators), parsed.GetValue(nodes));
            Within(wanted, 1, "--coordinators");
            Within(of, 0, "--nodes");
            Within(parsed.GetValue(slots), 1, "--slots");
            if (wanted > 1 && JournalServer.FromEnvironment() is null)
                throw new UserErrorException($"--coordinators {wanted}: the journal would be a file of one coordinator (SQLite), and whoever takes over could not read it", $"Give them a PostgreSQL database, {JournalServer.Variable}='Host=…;Database=…;Username=…;Password=…', or start one coordinator.");
            (string Key, string? Value)[] log = [("log-level", parsed.GetValue(level)), ("log-format", parsed.GetValue(format)), ("log-to", parsed.GetValue(to))];
            if (log[2].Value is not (null or LogSettings.Output))
                throw new UserErrorException($"--log-to {log[2].Value}: must be {LogSettings.Output}: a file is for one process alone, and each has asha.log in its own folder");
            using var output = new ClusterOutput(SettingsFile.ReadLog([.. log.Where(option => option.Value is not null).Select(option => (option.Key, option.Value!))]));
            using var interrupt = new CancellationTokenSource();
            using var signals = new InterruptSignals(interrupt, line => output.Tell("", line), () => { }, "ending all processes");
            string[] arguments = [.. log.Where(option => option.Value is not null).SelectMany(option => new[] { $"--{option.Key}", option.Value! })];
            return await LocalCluster.RunAsync(wanted, of, parsed.GetValue(slots), parsed.GetValue(data), arguments, output.Tell, interrupt.Token) ? ExitCode.Done : ExitCode.Failed;
        });
        return new Command("cluster", "A cluster of processes on this machine, to play with.") { up };
    }

    private static void Within(int value, int least, string option)
    {
        if (value < least || value > Most)
            throw new UserErrorException($"{option} {value}: must be between {least} and {Most}");
    }
}
