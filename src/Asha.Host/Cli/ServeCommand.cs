using System.CommandLine;
using Asha.Cluster.Coordinators;
using Asha.Host.Api;
using Asha.Host.ClusterSettings;
using Asha.Tuning.Journals;

namespace Asha.Host.Cli;

/// <summary><c>asha serve</c>: a coordinator of a cluster, until it is told to leave.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var options = new MemberOptions(
            ("api", "host:port", "Where commands reach it (127.0.0.1:7610)."));
        var command = new Command("serve", "A coordinator of a cluster: keeps experiments going, and gives nodes their jobs.");
        options.AddTo(command);
        command.SetAction((parsed, _) =>
        {
            var settings = options.Read(parsed, file => SettingsReader.Coordinator(file, JournalServer.FromEnvironment()));
            return MemberOptions.RunAsync(settings, (log, say, leave) => new Coordinator(settings, log, say, ApiTexts.Formats).RunAsync(leave));
        });
        return command;
    }
}
