using Asha.Core.Experiments;
using Asha.Host.Scenarios;
using Asha.Tuning;

namespace Asha.Host.ExperimentFiles;

/// <summary>Reads the keys of an experiment file, and fills in the defaults.</summary>
internal static class ExperimentReader
{
    private const int MostSlots = ExperimentRules.MostSlots;

    /// <summary>The longest name of a metric, a resource and the like.</summary>
    private const int LongestLabel = ExperimentRules.LongestName;

    private static readonly Dictionary<string, MetricMode> Modes = new() { ["min"] = MetricMode.Min, ["max"] = MetricMode.Max };

    /// <param name="file">The file.</param>
    /// <param name="folder">Where its relative paths start from.</param>
    /// <param name="machine">What the default number of slots follows from.</param>
    /// <param name="reading">Collects the mistakes.</param>
    /// <param name="world">The world of a scenario; <c>null</c>: it is an experiment, and runs on this machine.</param>
    public static ExperimentSpec? Read(MapReader file, string folder, Machine machine, Reading reading, WorldReading? world = null)
    {
        if (world is null && file.Has("world") && file.Take("world") is { } simulated)
        {
            // What else may be missing is missing because it is a scenario.
            simulated.Wrong("makes this a scenario: run it with 'asha simulate'");
            return null;
        }
        var name = file.Require("name") is { } named ? Name(named) : null;
        var seed = file.Take("seed")?.Whole(0, long.MaxValue) ?? 0;
        var metric = Metric(file.Require("metric"));
        var resource = ResourceReader.Read(file.Require("resource"));
        var stop = StopReader.Read(file.Take("stop"), simulated: world is not null);
        if (world?.Horizon is { } horizon && stop is not null)
            stop = stop with { After = stop.After is { } after && after < horizon ? after : horizon };
        var scheduler = SchedulerReader.Read(file.Take("scheduler"), file, resource, stop, world?.Table?.Trials);
        var spaceField = world is null ? file.Require("space") : file.Take("space");
        var space = world is not null && spaceField is null ? SpaceReading.None : SpaceReader.Read(spaceField, reading);
        var initial = InitialReader.Read(file.Take("initial"), space);
        var trial = TrialReader.Read(world is null ? file.Require("trial") : file.Take("trial"), folder, space, machine, simulated: world is not null);
        var slots = world?.Slots ?? Slots(file.Take("slots"), trial, machine);
        world?.Check(resource, scheduler, stop, space.Space);
        file.End();
        if (reading.Failed)
            return null;
        var spec = new ExperimentSpec
        {
            Name = name!,
            Seed = seed,
            Metric = metric!,
            Resource = resource!,
            Scheduler = scheduler!,
            Space = space.Space!,
            Initial = initial,
            Trial = Kept(trial!.Spec, scheduler!, stop!, isSimulated: world is not null),
            Slots = slots,
            Stop = stop!,
        };
        Doubts.Tell(spec, file);
        if (world is not null)
            Doubts.Tell(spec, world, file);
        return spec;
    }

    /// <summary>The disk budget as the engine takes it. Nothing is written in a simulated run.</summary>
    private static TrialSpec Kept(TrialSpec trial, SchedulerSpec scheduler, StopSpec stop, bool isSimulated) => trial.CheckpointBudget switch
    {
        null when !isSimulated => trial with { CheckpointBudget = ExperimentRules.CheckpointBudget(scheduler, stop) },
        long.MaxValue => trial with { CheckpointBudget = null },
        _ => trial,
    };

    /// <summary>A short text for tables.</summary>
    public static string? Label(Field? field)
    {
        if (field?.Text(LongestLabel) is not { } label)
            return null;
        if (YamlText.IsOneLine(label))
            return label;
        field.Wrong("must be a name on one line, without spaces around it");
        return null;
    }

    private static string? Name(Field field)
    {
        if (field.Text(ExperimentRules.LongestName) is not { } name)
            return null;
        if (ExperimentRules.IsName(name))
            return name;
        field.Wrong($"must be letters, digits, '-', '_' and '.', not beginning with '.', but is '{YamlText.Shown(name)}'");
        return null;
    }

    private static MetricSpec? Metric(Field? field)
    {
        if (field?.Map("{name: validation-error, mode: min}") is not { } map)
            return null;
        var name = Label(map.Require("name"));
        var mode = map.Require("mode")?.Word(Modes, PeerNames.Modes);
        map.End();
        return name is null || mode is null ? null : new MetricSpec(name, mode.Value);
    }

    private static int Slots(Field? field, TrialReading? trial, Machine machine)
    {
        int? asked = field is null ? null : field.Count(1, MostSlots) ?? 1;
        if (trial is not { Spec.Gpus: > 0 and var gpus })
            return asked ?? Math.Clamp(machine.Cores / Math.Max(1, trial?.Spec.Cpus ?? 0), 1, MostSlots);
        var (ids, source, advice) = machine.Gpus;
        var most = ids.Count / gpus;
        var found = $"there {(ids.Count == 1 ? "is 1" : $"are {(ids.Count == 0 ? "none" : ids.Count)}")}: {source}; {advice}";
        if (most == 0)
            trial.Gpus?.Wrong($"a trial needs {gpus}, but {found}");
        else if (asked > most)
            field!.Wrong($"{asked} trials at a time need {(long)asked * gpus} GPUs, but {found}; or set slots to {most}");
        return asked ?? Math.Clamp(most, 1, MostSlots);
    }
}
