using Asha.Core.Experiments;
using Asha.Tuning;

namespace Asha.Host.ExperimentFiles;

/// <summary>Reads <c>scheduler</c>: who gets more resource, and how many trials there are.</summary>
internal static class SchedulerReader
{
    public const int MostTrials = ExperimentRules.MostTrials;

    private const int DefaultReductionFactor = ExperimentRules.DefaultReductionFactor;
    private const int LargestReductionFactor = ExperimentRules.LargestReductionFactor;

    private static readonly Dictionary<string, SchedulerType> Types = new() { ["asha"] = SchedulerType.Asha, ["sha"] = SchedulerType.Sha, ["stopping"] = SchedulerType.Stopping };
    private static readonly Dictionary<string, BracketRepeat> Repeats = new() { ["none"] = BracketRepeat.None, ["sequential"] = BracketRepeat.Sequential, ["overlap"] = BracketRepeat.Overlap };

    private static readonly Dictionary<string, string> NoNames = [];

    /// <param name="field">The scheduler, which may be left out.</param>
    /// <param name="file">The map around it.</param>
    /// <param name="resource"><c>null</c> where it is wrong.</param>
    /// <param name="stop"><c>null</c> where it is wrong.</param>
    /// <param name="tabled">How many trials there are in the world's table, where there is one.</param>
    public static SchedulerSpec? Read(Field? field, MapReader file, ResourceSpec? resource, StopSpec? stop, int? tabled = null)
    {
        var map = field?.Map("{type: asha, reduction-factor: 4, trials: 64}");
        if (field is not null && map is null)
            return null;
        var typeField = map?.Take("type");
        var factorField = map?.Take("reduction-factor");
        var trialsField = map?.Take("trials");
        var repeatField = map?.Take("repeat");
        var mostField = map?.Take("most-trials");
        map?.End();
        var type = typeField is null ? SchedulerType.Asha : typeField.Word(Types, PeerNames.Schedulers);
        var factor = factorField is null ? DefaultReductionFactor : factorField.Count(2, LargestReductionFactor);
        var trials = trialsField?.Count(1, MostTrials);
        var repeat = repeatField is null ? BracketRepeat.None : repeatField.Word(Repeats, NoNames);
        var most = mostField?.Count(1, MostTrials);
        if (type is null || factor is null || repeat is null || (trialsField is not null && trials is null) || (mostField is not null && most is null))
            return null;
        if (repeat != BracketRepeat.None && type != SchedulerType.Sha)
        {
            repeatField!.Wrong("is for type: sha only; asha and stopping sample without end where trials is left out");
            return null;
        }
        if (mostField is not null && repeat == BracketRepeat.None)
            mostField.Wrong("is for repeat: sequential and overlap, the trials of all brackets; here trials says how many there are");
        if (trials > tabled)
            trialsField!.Wrong($"must be at most {tabled}, the trials of the table, but is {trials}");
        if (most > tabled)
            mostField!.Wrong($"must be at most {tabled}, the trials of the table, but is {most}");
        if (repeat == BracketRepeat.None)
            trials ??= tabled;
        else
            most ??= tabled;
        if (trials is null && type == SchedulerType.Sha && resource is not null)
        {
            if (ExperimentRules.FullBracket(resource, factor.Value) is not { } filled)
                file.Wrong("scheduler.trials", $"a full bracket would have more than {MostTrials} trials; give a number of trials");
            else
                trials = filled;
        }
        var spec = new SchedulerSpec(type.Value, factor.Value, trials, repeat.Value, most);
        if (stop is not null && ExperimentRules.IsEndless(spec, stop))
            file.Missing(Bound(spec), "is missing: nothing would end this experiment; give it, or stop with at least one condition", "stop.after", "stop.trials", "stop.resource", "stop.metric");
        return spec;
    }

    /// <summary>The key that says how many trials there are in all.</summary>
    public static string Bound(SchedulerSpec scheduler) => scheduler.Repeat == BracketRepeat.None ? "scheduler.trials" : "scheduler.most-trials";
}
