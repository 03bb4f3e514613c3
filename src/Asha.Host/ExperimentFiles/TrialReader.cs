using Asha.Core.Experiments;
using Asha.Tuning;

namespace Asha.Host.ExperimentFiles;

/// <summary>What could be read of <c>trial</c>.</summary>
/// <param name="Spec">How a trial is run.</param>
/// <param name="Gpus">Where its number of GPUs stands, if it does.</param>
internal sealed record TrialReading(TrialSpec Spec, Field? Gpus);

/// <summary>Reads <c>trial</c>: how one trial is run, as a process.</summary>
internal static class TrialReader
{
    private const int MostArguments = 1000;

    /// <summary>Linux takes arguments and variables of up to 128 KiB, each of these characters being up to three bytes.</summary>
    private const int LongestArgument = 32_768;

    private const int MostGpus = 1024;
    private const int MostCpus = 4096;
    private const int MostLabels = 64;
    private const int MostLimit = 1_000_000_000;
    private const int MostAttempts = ExperimentRules.MostAttempts;

    /// <param name="field">The trial.</param>
    /// <param name="folder">Where its folder starts from.</param>
    /// <param name="space">What its placeholders may name.</param>
    /// <param name="machine">Where its programs are looked for.</param>
    /// <param name="simulated">No process is started: it may be left out, and so may what says how to start one.</param>
    public static TrialReading? Read(Field? field, string folder, SpaceReading space, Machine machine, bool simulated = false)
    {
        if (simulated && field is null)
            return new TrialReading(new TrialSpec { Command = [], Directory = folder }, null);
        if (field?.Map("{command: [python, train.py]}") is not { } map)
            return null;
        var prepareField = map.Take("prepare");
        var prepare = Command(prepareField, (element, argument) => Placeholders.CheckPreparation(element, argument, space.Names));
        var commandField = simulated ? map.Take("command") : map.Require("command");
        var command = Command(commandField, (element, argument) => Placeholders.CheckCommand(element, argument, space.Names));
        if (commandField?.IsEmptyList == true)
            commandField.Wrong("must name a program");
        var directoryField = map.Take("directory");
        var directory = simulated ? folder : Directory(directoryField, map, folder);
        var gpusField = map.Take("gpus");
        var gpus = gpusField?.Count(0, MostGpus) ?? 0;
        var spec = new TrialSpec
        {
            Prepare = prepare,
            PrepareLimit = map.Take("prepare-limit")?.Duration(),
            Command = command,
            Directory = directory,
            Gpus = gpus,
            Cpus = map.Take("cpus")?.Count(0, MostCpus) ?? 0,
            Memory = map.Take("memory")?.Size() ?? 0,
            Labels = Labels(map.Take("labels")),
            Env = EnvironmentReader.Read(map.Take("env"), hasGpus: gpus > 0, machine),
            MaxAttempts = map.Take("max-attempts")?.Count(1, MostAttempts) ?? 3,
            MaxAttemptsByFault = RetryReader.Limits(map.Take("max-attempts-by-fault")),
            // A made world waits only where it is told to: its runs are to be what they always were.
            RetryBackOff = RetryReader.BackOff(map.Take("retry-back-off"), simulated ? null : ExperimentRules.DefaultBackOff),
            Quarantine = RetryReader.Quarantine(map.Take("quarantine"), simulated ? null : QuarantineRules.DefaultTrials),
            TimeLimit = map.Take("time-limit")?.Duration(),
            SilenceLimit = map.Take("silence-limit")?.Duration(),
            Limits = Limits(map.Take("limits")),
            CheckpointBudget = map.Take("checkpoint-budget")?.SizeOrNone(),
        };
        map.End();
        Programs.Check(spec, prepareField, commandField, machine);
        return new TrialReading(spec, gpusField);
    }

    private static List<string> Command(Field? field, Action<Field, string> check)
    {
        var elements = field?.List("[python, train.py, --lr, \"{learning-rate}\"], one argument an element: there is no shell", MostArguments);
        var arguments = new List<string>();
        foreach (var element in elements ?? [])
        {
            if (element.LonelyKey is { } name)
                element.Wrong($"needs quotes: \"{{{YamlText.Shown(name)}}}\"");
            else if (element.Text(LongestArgument) is { } argument)
            {
                if (argument.Length == 0 && ReferenceEquals(element, elements![0]))
                    element.Wrong("must name a program, but is empty");
                check(element, argument);
                arguments.Add(argument);
            }
        }
        return arguments;
    }

    private static TrialLimits? Limits(Field? field)
    {
        if (field?.Map("{memory: 4GiB, open-files: 1024, processes: 4096, cpu-seconds: 3600}") is not { } map)
            return null;
        var limits = new TrialLimits(
            map.Take("memory")?.Size(), map.Take("open-files")?.Count(8, MostLimit), map.Take("processes")?.Count(1, MostLimit), map.Take("cpu-seconds")?.Count(1, MostLimit));
        map.End();
        if (map.Count > 0)
            return limits;
        field.Wrong("names no limit; give memory, open-files, processes or cpu-seconds, or remove it");
        return null;
    }

    private static List<string>? Labels(Field? field)
        => field?.OneOrMore(MostLabels) is { Count: > 0 } labels ? [.. labels.Select(ExperimentReader.Label).OfType<string>()] : null;

    private static string Directory(Field? field, MapReader map, string folder)
    {
        var given = field is null ? "." : field.Text(LongestArgument);
        if (given is null)
            return folder;
        var full = Path.GetFullPath(Path.Combine(folder, given));
        if (System.IO.Directory.Exists(full))
            return full;
        var message = $"the folder '{full}' does not exist";
        if (field is null)
            map.Wrong("directory", message);
        else
            field.Wrong(message);
        return full;
    }
}
