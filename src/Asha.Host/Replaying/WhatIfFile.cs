using Asha.Core.Experiments;
using Asha.Core.Recordings;
using Asha.Core.Worlds;
using Asha.Host.ExperimentFiles;
using Asha.Host.Scenarios;

namespace Asha.Host.Replaying;

/// <summary>What is asked of a recording.</summary>
/// <param name="Spec">The experiment, changed.</param>
/// <param name="Nodes">Where it runs.</param>
/// <param name="Stragglers">No unit takes longer than so many times the median; <c>null</c>: as long as it did.</param>
/// <param name="Changes">What was changed, in words; none: nothing.</param>
internal sealed record WhatIf(ExperimentSpec Spec, IReadOnlyList<WorldNode> Nodes, double? Stragglers, IReadOnlyList<string> Changes);

/// <summary>Reads what <c>--with</c> changes of a recorded run: keys of its experiment, and of the world that it is (docs/replay.md).</summary>
internal static class WhatIfFile
{
    private const string Name = "the recording";

    /// <summary>What cannot be changed is what the recorded results are of.</summary>
    private static readonly string[] _kept = ["name", "seed", "metric", "resource", "scheduler", "stop"];

    private static readonly string[] _changeable = ["scheduler", "stop", "resource", "slots", "nodes", "speed", "stragglers", "max-attempts", "max-attempts-by-fault", "retry-back-off"];

    /// <returns>The question; or <c>null</c>, and every mistake in it.</returns>
    public static (WhatIf? Asked, IReadOnlyList<FileProblem> Problems) Read(Recording recording, IReadOnlyList<Override> overrides)
    {
        var reading = new Reading(PeerNames.Keys);
        var map = (MapNode)YamlTree.OfFile(ExperimentFile.Write(recording.Spec), Name, reading)!;
        map.Entries.RemoveAll(entry => !_kept.Contains(entry.Key.Text));
        var refused = overrides.Where(given => Overrides.Steps(given.Path) is [var key, ..] && !_changeable.Contains(key)).ToList();
        foreach (var given in refused)
            reading.Wrong(given.Place, "", $"cannot be changed in a recorded run; these can: {string.Join(", ", _changeable)}");
        Overrides.Apply(map, [.. overrides.Except(refused)], reading);
        map.Entries.RemoveAll(entry => entry.Key.Text == "stop" && entry.Value is ScalarNode { IsNull: true });
        var asked = Of(new MapReader(map, "", reading), recording, overrides, reading);
        // The text is ours, and nobody has it: its lines say nothing.
        return (reading.Failed ? null : asked, [.. reading.Problems.Select(problem => problem.File == Name ? problem with { Line = 0, Column = 0 } : problem)]);
    }

    private static WhatIf? Of(MapReader file, Recording recording, IReadOnlyList<Override> overrides, Reading reading)
    {
        var speed = file.Take("speed")?.Number(1e-6, 1e6) ?? 1;
        var stragglers = file.Take("stragglers")?.Number(1, 1e6);
        var attempts = file.Take("max-attempts")?.Count(1, Asha.Tuning.ExperimentRules.MostAttempts) ?? recording.Spec.Trial.MaxAttempts;
        var byFault = file.Take("max-attempts-by-fault") is { } limits ? RetryReader.Limits(limits) : recording.Spec.Trial.MaxAttemptsByFault;
        var backOff = RetryReader.BackOff(file.Take("retry-back-off"), recording.Spec.Trial.RetryBackOff);
        var nodes = file.Has("slots") || file.Has("nodes") ? NodesReader.Read(file) : RecordedNodes.Of(recording.Events);
        file.Ignore("slots", "nodes");
        var world = new WorldReading(Map: null) { Nodes = nodes };
        if (ExperimentReader.Read(file, "/", new Machine(1, 0), reading, world) is not { } read)
            return null;
        var own = recording.Spec;
        var isFilled = IsFilled(read.Scheduler, recording, overrides);
        // Its own key, if it is given; else what the recording had, which may be more than a file can say.
        var hopeless = overrides.Any(given => given.Path is "stop" or "stop.hopeless") && read.Stop.HopelessIfLimited ? read.Stop : own.Stop;
        var stop = Stop(read.Stop with { Hopeless = hopeless.Hopeless, HopelessIfLimited = hopeless.HopelessIfLimited }, recording, overrides);
        var spec = read with
        {
            Space = own.Space,
            Initial = own.Initial,
            Trial = own.Trial with { MaxAttempts = attempts, MaxAttemptsByFault = byFault, RetryBackOff = backOff },
            Stop = isFilled && !overrides.Any(given => given.Path == "stop.trials") ? stop with { Trials = null } : stop,
            Scheduler = isFilled ? read.Scheduler with { Trials = Math.Max(1, recording.FirstResults) } : read.Scheduler,
            Slots = nodes.Sum(node => node.Slots),
        };
        return new WhatIf(spec, [.. nodes.Select(node => node with { Speed = node.Speed * speed })], stragglers, [.. overrides.GroupBy(given => given.Path).Select(same => $"{same.Key}={same.Last().Value}")]);
    }

    private static StopSpec Stop(StopSpec stop, Recording recording, IReadOnlyList<Override> overrides)
        => overrides.Any(given => given.Path.StartsWith("stop", StringComparison.Ordinal)) ? stop : RecordedStop.Of(stop, recording.Events);

    /// <summary>SHA takes the trials of which all have a first result, where the recording had no limit and none is given. A rule that stops at so many trials would then stop it at its first rung.</summary>
    private static bool IsFilled(SchedulerSpec scheduler, Recording recording, IReadOnlyList<Override> overrides)
        => scheduler is { Type: SchedulerType.Sha, Repeat: BracketRepeat.None } && recording.Spec.Scheduler.Total is null && !overrides.Any(given => given.Path is "scheduler.trials" or "scheduler");
}
