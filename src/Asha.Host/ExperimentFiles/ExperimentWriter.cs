using System.Text;
using Asha.Core.Experiments;
using Asha.Core.Spaces;

namespace Asha.Host.ExperimentFiles;

/// <summary>Writes a resolved experiment. The reader is its inverse, but for the values of <c>trial.env</c>.</summary>
internal static class ExperimentWriter
{
    public static string Write(ExperimentSpec spec)
    {
        var yaml = new StringBuilder();
        yaml.Append("# The experiment with every default filled in.\n");
        yaml.Append($"name: {YamlScalar.Of(spec.Name)}\n");
        yaml.Append($"seed: {spec.Seed}\n");
        yaml.Append($"metric: {{name: {YamlScalar.Of(spec.Metric.Name)}, mode: {(spec.Metric.Mode == MetricMode.Min ? "min" : "max")}}}\n");
        yaml.Append($"resource: {Resource(spec.Resource)}\n");
        yaml.Append($"scheduler: {Scheduler(spec.Scheduler)}\n");
        yaml.Append("space:\n");
        foreach (var parameter in spec.Space.Parameters)
            yaml.Append($"  {YamlScalar.Of(parameter.Name)}: {{{Domain(parameter.Domain)}{When(parameter.When)}}}\n");
        if (spec.Initial.Count > 0)
            yaml.Append("initial:\n");
        foreach (var configuration in spec.Initial)
            yaml.Append($"  - {Map(configuration.Values.Select(pair => (pair.Key, (string?)YamlScalar.Of(pair.Value))))}\n");
        Trial(yaml, spec.Trial, spec);
        yaml.Append($"slots: {spec.Slots}\n");
        if (spec.Stop.EndsGoodRuns || spec.Stop.HopelessIfLimited)
            yaml.Append($"stop: {Stop(spec.Stop)}\n");
        return yaml.ToString();
    }

    private static string Resource(ResourceSpec resource) => Map([
        ("name", YamlScalar.Of(resource.Name)), ("min", YamlScalar.Of(resource.Min)), ("max", YamlScalar.Of(resource.Max)),
        ("integral", resource.Integral ? "true" : "false"),
    ]);

    private static string Scheduler(SchedulerSpec scheduler) => Map([
        ("type", scheduler.Type.ToString().ToLowerInvariant()), ("reduction-factor", $"{scheduler.ReductionFactor}"),
        ("trials", scheduler.Trials?.ToString()), ("repeat", scheduler.Repeat == BracketRepeat.None ? null : scheduler.Repeat.ToString().ToLowerInvariant()),
        ("most-trials", scheduler.MostTrials?.ToString()),
    ]);

    private static string Domain(Domain domain) => domain switch
    {
        UniformDomain(var min, var max) => $"type: uniform, min: {YamlScalar.Of(min)}, max: {YamlScalar.Of(max)}",
        LogUniformDomain(var min, var max) => $"type: log-uniform, min: {YamlScalar.Of(min)}, max: {YamlScalar.Of(max)}",
        IntDomain(var min, var max) => $"type: int, min: {min}, max: {max}",
        LogIntDomain(var min, var max) => $"type: log-int, min: {min}, max: {max}",
        ListDomain { Ordered: true } list => $"type: ordinal, values: {List(list.Values)}",
        ListDomain { Values: [var only] } => $"type: constant, value: {YamlScalar.Of(only)}",
        ListDomain list when list.Values.SequenceEqual(ListDomain.Boolean().Values) => "type: boolean",
        ListDomain list => $"type: choice, values: {List(list.Values)}",
        _ => throw new ArgumentException($"A domain of type {domain.GetType().Name} cannot be written."),
    };

    private static string When(IReadOnlyList<Condition> conditions)
        => conditions.Count == 0 ? "" : $", when: {Map(conditions.Select(condition => (condition.Parameter, (string?)List(condition.Values))))}";

    private static void Trial(StringBuilder yaml, TrialSpec trial, ExperimentSpec spec)
    {
        yaml.Append("trial:\n");
        if (trial.Prepare.Count > 0)
            yaml.Append($"  prepare: {List(trial.Prepare)}\n");
        if (trial.PrepareLimit is { } longest)
            yaml.Append($"  prepare-limit: {Durations.Format(longest)}\n");
        yaml.Append($"  command: {List(trial.Command)}\n");
        yaml.Append($"  directory: {YamlScalar.Of(trial.Directory)}\n");
        if (trial.Env.Count > 0)
            yaml.Append("  env: # names only: values may be secrets, and are taken from the environment\n");
        foreach (var name in trial.Env.Keys)
            yaml.Append($"    {YamlScalar.Of(name)}:\n");
        if (trial.Cpus > 0)
            yaml.Append($"  cpus: {trial.Cpus}\n");
        if (trial.Memory > 0)
            yaml.Append($"  memory: {Sizes.Format(trial.Memory)}\n");
        yaml.Append($"  gpus: {trial.Gpus}\n");
        if (trial.Labels is { } labels)
            yaml.Append($"  labels: {List(labels)}\n");
        yaml.Append($"  max-attempts: {trial.MaxAttempts}\n");
        if (trial.MaxAttemptsByFault is { } limits)
            yaml.Append($"  max-attempts-by-fault: {Limits(limits)}\n");
        yaml.Append($"  retry-back-off: {(trial.RetryBackOff is { } backOff ? BackOff(backOff) : "0s")}\n");
        yaml.Append($"  quarantine: {trial.Quarantine ?? 0}\n");
        if (trial.TimeLimit is { } time)
            yaml.Append($"  time-limit: {Durations.Format(time)}\n");
        if (trial.SilenceLimit is { } silence)
            yaml.Append($"  silence-limit: {Durations.Format(silence)}\n");
        if (trial.Limits is { } kernel)
            yaml.Append($"  limits: {Limits(kernel)}\n");
        if (trial.CheckpointBudget is { } budget)
            yaml.Append($"  checkpoint-budget: {Sizes.Format(budget)}\n");
        else if (Asha.Tuning.ExperimentRules.CheckpointBudget(spec.Scheduler, spec.Stop) is not null)
            yaml.Append("  checkpoint-budget: none\n");
    }

    private static string Limits(FaultLimits limits) => Map([
        ("out-of-memory", limits.OutOfMemory?.ToString()), ("crash", limits.Crash?.ToString()), ("time-out", limits.TimeOut?.ToString()), ("bad-report", limits.BadReport?.ToString()),
    ]);

    private static string Limits(TrialLimits limits) => Map([
        ("memory", limits.Memory is { } memory ? Sizes.Format(memory) : null), ("open-files", limits.OpenFiles?.ToString()), ("processes", limits.Processes?.ToString()), ("cpu-seconds", limits.CpuSeconds?.ToString()),
    ]);

    private static string BackOff(BackOffSpec backOff) => Map([
        ("first", Durations.Format(backOff.First)), ("factor", YamlScalar.Of(backOff.Factor)), ("most", Durations.Format(backOff.Most)), ("jitter", YamlScalar.Of(backOff.Jitter)),
    ]);

    private static string Stop(StopSpec stop) => Map([
        ("after", stop.After is { } after ? Durations.Format(after) : null), ("trials", stop.Trials?.ToString()),
        ("resource", stop.Resource is { } resource ? YamlScalar.Of(resource) : null),
        ("metric", stop.Metric is { } metric ? YamlScalar.Of(metric) : null),
        ("hopeless", stop is { HopelessIfLimited: true, Hopeless: { } hopeless } ? $"{hopeless}" : null),
    ]);

    private static string List(IEnumerable<ParameterValue> values) => $"[{string.Join(", ", values.Select(YamlScalar.Of))}]";

    private static string List(IEnumerable<string> texts) => $"[{string.Join(", ", texts.Select(YamlScalar.Of))}]";

    private static string Map(IEnumerable<(string Key, string? Value)> entries) => $"{{{string.Join(", ", entries
        .Where(entry => entry.Value is not null).Select(entry => $"{YamlScalar.Of(entry.Key)}: {entry.Value}"))}}}";
}
