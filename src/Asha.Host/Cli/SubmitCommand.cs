using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Asha.Cluster.Api;
using Asha.Cluster.Client;
using Asha.Core.Experiments;
using Asha.Host.ExperimentFiles;
using Asha.Tuning;

namespace Asha.Host.Cli;

/// <summary><c>asha submit FILE</c>: has a cluster tune it.</summary>
internal static class SubmitCommand
{
    private static readonly TimeSpan _look = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var (experiment, server) = (new ExperimentOptions(), new ServerOptions());
        var weight = new Option<int>("--weight") { Description = "Its share of the slots, in proportion to others' of its priority.", DefaultValueFactory = _ => 1 };
        var priority = new Option<int>("--priority") { Description = "Higher ones are served first.", DefaultValueFactory = _ => 0 };
        var most = new Option<int?>("--max-concurrent") { Description = "Trials at a time at most (all slots)." };
        (string Key, Option<string[]> Option)[] demands =
        [
            ("cpus", Demand("--cpus", "number", "CPUs that each trial needs for itself: only slots with as many are given to it; sets trial.cpus.")),
            ("memory", Demand("--memory", "size", "Memory that each trial needs, such as 4GiB; sets trial.memory.")),
            ("gpus", Demand("--gpus", "number", "GPUs that each trial needs; sets trial.gpus.")),
            ("labels", Demand("--label", "word", "A label that a node must have to run its trials; may be given more than once; sets trial.labels.")),
        ];
        var name = new Option<string?>("--key") { Description = "A name of your own for this submission. The same again is the same run, however often it is said; otherwise each submission is one.", HelpName = "name" };
        var wait = new Option<bool>("--wait") { Description = "Waits for its end; the exit code says how it ended. Ctrl-C ends the waiting alone." };
        var json = new Option<bool>("--json") { Description = "One JSON object on standard output: the run's name, with --wait its summary." };
        var command = new Command("submit", "Has a cluster run an experiment.") { weight, priority, most, name, wait, json };
        foreach (var (_, option) in demands)
            command.Options.Add(option);
        experiment.AddTo(command);
        server.AddTo(command);
        command.SetAction((parsed, cancel) => server.RunAsync(parsed, async client =>
        {
            var query = Query(experiment.File(parsed), [.. experiment.Overrides(parsed), .. Demands(parsed, demands)], parsed.GetValue(weight), parsed.GetValue(priority), parsed.GetValue(most), out var text);
            var submitted = await SubmitAsync(client, text, query, parsed.GetValue(name) ?? Guid.NewGuid().ToString("N"), cancel);
            foreach (var warning in submitted.Warnings)
                Console.Error.WriteLine(Output.Clean($"asha: warning: {warning}"));
            var isJson = parsed.GetValue(json);
            if (!parsed.GetValue(wait))
            {
                Console.Out.WriteLine(isJson ? new JsonObject { ["run"] = submitted.Run }.ToJsonString() : submitted.Run);
                return ExitCode.Done;
            }
            (isJson ? Console.Error : Console.Out).WriteLine($"{submitted.Run}: submitted");
            return await WaitAsync(client, submitted.Run, isJson, server.Again(parsed), cancel);
        }));
        return command;
    }

    private static Option<string[]> Demand(string name, string help, string description) => new(name) { Description = description, HelpName = help };

    /// <summary>What is demanded of slots is of the experiment: the file can say it, too.</summary>
    private static IEnumerable<Override> Demands(ParseResult parsed, (string Key, Option<string[]> Option)[] demands)
    {
        foreach (var (key, option) in demands)
        {
            if (parsed.GetValue(option) is { Length: > 0 } values)
                yield return new Override($"trial.{key}", key == "labels" ? $"[{string.Join(", ", values.Select(value => JsonSerializer.Serialize(value, SubmitJson.Default.String)))}]" : values[^1]);
        }
    }

    /// <summary>The text goes as it is, so that problems name its lines; what the command line says of it goes beside it. Its folder is said in full: nodes need to find it.</summary>
    private static string Query(string file, IReadOnlyList<Override> overrides, int weight, int priority, int? most, out string text)
    {
        var (read, folder) = ExperimentFile.Load(file, (content, at) => (content, at), problem => throw new UserErrorException(problem.ToString()));
        text = read;
        List<(string Name, string Value)> query = [("file", file), ("weight", $"{weight}"), ("priority", $"{priority}")];
        if (most is not null)
            query.Add(("max-concurrent", $"{most}"));
        query.AddRange(overrides.Select(given => ("set", $"{given.Path}={given.Value}")));
        if (Directory(read, file, overrides) is { } directory)
            query.Add(("set", $"trial.directory={JsonSerializer.Serialize(Path.GetFullPath(Path.Combine(folder, directory)), SubmitJson.Default.String)}"));
        return string.Join('&', query.Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value)}"));
    }

    /// <summary>The trials' folder as the file and the overrides say it; <c>null</c>: the coordinator's reader has to say what is wrong.</summary>
    private static string? Directory(string text, string file, IReadOnlyList<Override> overrides)
    {
        var reading = new Reading(PeerNames.Keys);
        if (YamlTree.OfFile(text, file, reading) is not MapNode root)
            return null;
        Overrides.Apply(root, overrides, reading);
        if (reading.Failed || root.Entries.Find(entry => entry.Key.Text == "trial").Value is not MapNode trial)
            return null;
        return trial.Entries.Find(entry => entry.Key.Text == "directory").Value switch
        {
            null => ".",
            ScalarNode { IsNull: false } scalar => scalar.Text,
            _ => null,
        };
    }

    /// <summary>What a coordinator has heard may be done though it could not say so: it is said again, by the same name, until somebody answers.</summary>
    private static async Task<SubmittedAnswer> SubmitAsync(AshaClient client, string text, string query, string key, CancellationToken cancel)
    {
        for (var silence = new SilencePatience(); ; await Task.Delay(_look, cancel))
        {
            try
            {
                return await client.SubmitAsync(text, query, key, cancel);
            }
            catch (ClusterUnreachableException silent) when (silent.MayBeDone)
            {
                if (!silence.Bears())
                    throw new ClusterUnreachableException([.. silent.Reasons, $"it may be submitted all the same, when they are back: the same command with '--key {key}' makes no second run of it"]);
                if (silence.IsNew)
                    Console.Error.WriteLine(Output.Clean($"asha: {silent.Reasons[^1]} - it is said again until somebody answers, and counts once"));
            }
        }
    }

    private static async Task<int> WaitAsync(AshaClient client, string run, bool json, string again, CancellationToken stop)
    {
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var signal = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            context.Cancel = true;
            interrupt.Cancel();
        });
        var cancel = interrupt.Token;
        var silence = new SilencePatience();
        while (true)
        {
            try
            {
                await Task.Delay(_look, cancel);
                var listed = await client.FindAsync(run, cancel)
                    ?? throw new UserErrorException($"{run}: the cluster does not list it any more", "Has its database been restored, or does --to name coordinators of another cluster, too? 'asha ls' says what there is.");
                silence.Ended();
                if (listed.Outcome is { } outcome && listed.Phase is "over" or "paused")
                    return await TellAsync(client, run, listed.Outcome!, json, cancel);
            }
            catch (ClusterUnreachableException) when (silence.Bears())
            {
            }
            catch (OperationCanceledException)
            {
                Console.Error.WriteLine($"asha: {run} goes on in the cluster; 'asha show {run}{again}' says how far it is, 'asha cancel {run}{again}' ends it");
                return ExitCode.Interrupted;
            }
        }
    }

    private static async Task<int> TellAsync(AshaClient client, string run, string outcome, bool json, CancellationToken cancel)
    {
        var record = ShowCommand.Write(await RunSource.OfAsync(client, run, cancel), json ? Console.Error : Console.Out);
        if (json)
            Console.Out.WriteLine(await client.SummaryAsync(run, cancel));
        if (outcome is FinalOutcome.Interrupted or FinalOutcome.Paused or FinalOutcome.Cancelled)
            return ExitCode.Interrupted;
        return record.State.Best is null || outcome == "failed" ? ExitCode.Failed : ExitCode.Done;
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(string))]
internal sealed partial class SubmitJson : System.Text.Json.Serialization.JsonSerializerContext;
