using System.CommandLine;
using Asha.Cluster.Client;
using Asha.Core.Experiments;
using Asha.Host.Runs;

namespace Asha.Host.Cli;

/// <summary><c>asha show RUN</c>: what a run did, from its events.</summary>
internal static class ShowCommand
{
    public static Command Create()
    {
        var command = new Command("show", "Shows what a run did, or how far it is.");
        var options = new RunOptions();
        var server = options.Server;
        options.AddTo(command);
        server.AddTo(command);
        command.SetAction((parsed, cancel) =>
        {
            if (server.IsMeant(parsed, options.Runs))
                return server.RunAsync(parsed, client => ShowAsync(client, options.Name(parsed), options.Json(parsed), cancel));
            var source = RunSource.Of(options.Open(parsed));
            if (options.Json(parsed))
                Console.Out.WriteLine(RunSummary.Of(source.Read(RunOptions.NewRecord())).ToJson());
            else
                Write(source, Console.Out);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    /// <summary>The report. A cluster's run has its logs and checkpoints with the nodes.</summary>
    /// <returns>What was read.</returns>
    public static RunRecord Write(RunSource source, TextWriter to)
    {
        var record = source.Read(RunOptions.NewRecord());
        RunReport.Write(record, Output.To(to), source.SinceStart(record), source.BestCheckpoint(record), hasLogs: source.Folder is { } folder && Directory.Exists(folder.In("logs")));
        return record;
    }

    private static async Task<int> ShowAsync(AshaClient client, string run, bool json, CancellationToken cancel)
    {
        if (json)
        {
            Console.Out.WriteLine(await client.SummaryAsync(run, cancel));
            return ExitCode.Done;
        }
        var source = await RunSource.OfAsync(client, run, cancel);
        Write(source, Console.Out);
        if (source.IsAtWork && (await client.FindAsync(run, cancel))?.Shortage is { } shortage)
            Console.Out.WriteLine(Output.Clean($"waiting for a slot: {shortage}"));
        return ExitCode.Done;
    }
}
