namespace Asha.Host.ExperimentFiles;

/// <summary>What Ray Tune, Optuna, Syne Tune, Determined, Katib and the paper call things (docs/experiment-file.md has the table for people).</summary>
internal static class PeerNames
{
    public static KeyHints Keys { get; } = new([
        ("eta", "scheduler.reduction-factor"), ("divisor", "scheduler.reduction-factor"), ("reduction-factor", "scheduler.reduction-factor"),
        ("η", "scheduler.reduction-factor"),
        ("r", "resource.min"), ("grace-period", "resource.min"), ("min-resource", "resource.min"), ("min-t", "resource.min"),
        ("min-epochs", "resource.min"), ("min-budget", "resource.min"),
        ("R", "resource.max"), ("max-t", "resource.max"), ("max-resource", "resource.max"), ("max-epochs", "resource.max"),
        ("max-resource-level", "resource.max"), ("max-iter", "resource.max"), ("max-steps", "resource.max"), ("max-budget", "resource.max"),
        ("epochs", "resource.max"),
        ("time-attr", "resource.name"), ("resource-attr", "resource.name"), ("unit", "resource.name"),
        ("n", "scheduler.trials"), ("max-trials", "scheduler.trials"), ("num-samples", "scheduler.trials"), ("n-trials", "scheduler.trials"),
        ("num-trials", "scheduler.trials"), ("max-trial-count", "scheduler.trials"),
        ("max-num-trials-started", "scheduler.trials"),
        ("max-concurrent-trials", "slots"), ("max-concurrent", "slots"), ("parallel-trial-count", "slots"), ("n-workers", "slots"),
        ("workers", "slots"), ("n-jobs", "slots"), ("jobs", "slots"), ("concurrency", "slots"),
        ("mode", "metric.mode"), ("direction", "metric.mode"), ("goal", "metric.mode"), ("smaller-is-better", "metric.mode"),
        ("objective", "metric"), ("searcher", "scheduler"), ("algorithm", "scheduler"),
        ("timeout", "stop.after"), ("max-wallclock-time", "stop.after"), ("time-budget", "stop.after"), ("time-budget-s", "stop.after"),
        ("after", "stop.after"),
        ("config", "space"), ("param-space", "space"), ("search-space", "space"), ("config-space", "space"), ("parameters", "space"),
        ("hyperparameters", "space"), ("params", "space"),
        ("points-to-evaluate", "initial"), ("initial-points", "initial"), ("enqueue-trial", "initial"),
        ("random-seed", "seed"), ("experiment-seed", "seed"),
        ("max-failures", "trial.max-attempts"), ("max-restarts", "trial.max-attempts"), ("max-retries", "trial.max-attempts"),
        ("max-attempts", "trial.max-attempts"), ("max-attempts-by-fault", "trial.max-attempts-by-fault"), ("retry-back-off", "trial.retry-back-off"), ("backoff", "trial.retry-back-off"),
        ("quarantine", "trial.quarantine"),
        ("entrypoint", "trial.command"), ("program", "trial.command"), ("cmd", "trial.command"), ("command", "trial.command"),
        ("build", "trial.prepare"), ("setup", "trial.prepare"), ("prepare", "trial.prepare"), ("prepare-limit", "trial.prepare-limit"),
        ("cwd", "trial.directory"), ("workdir", "trial.directory"), ("working-directory", "trial.directory"), ("directory", "trial.directory"),
        ("environment", "trial.env"), ("environment-variables", "trial.env"), ("env-vars", "trial.env"), ("env", "trial.env"),
        ("gpus", "trial.gpus"), ("cpus", "trial.cpus"), ("cpus-per-trial", "trial.cpus"), ("memory", "trial.memory"), ("labels", "trial.labels"), ("limits", "trial.limits"), ("rlimits", "trial.limits"), ("gpus-per-trial", "trial.gpus"), ("slots-per-trial", "trial.gpus"), ("resources-per-trial", "trial.gpus"),
        ("time-limit", "trial.time-limit"), ("silence-limit", "trial.silence-limit"), ("checkpoint-budget", "trial.checkpoint-budget"),
        ("low", "space.*.min"), ("lower", "space.*.min"), ("minval", "space.*.min"), ("minimum", "space.*.min"),
        ("high", "space.*.max"), ("upper", "space.*.max"), ("maxval", "space.*.max"), ("maximum", "space.*.max"),
        ("vals", "space.*.values"), ("choices", "space.*.values"), ("categories", "space.*.values"), ("options", "space.*.values"),
        ("list", "space.*.values"), ("val", "space.*.value"),
        ("depends-on", "space.*.when"), ("condition", "space.*.when"), ("if", "space.*.when"),
    ]);

    /// <summary>Types of parameters.</summary>
    public static IReadOnlyDictionary<string, string> Types { get; } = Words(
        ["uniform", "float", "double", "real"], ["log-uniform", "loguniform", "reciprocal", "log"], ["int", "integer", "randint"],
        ["log-int", "lograndint"], ["choice", "categorical", "enum"], ["ordinal", "ordered"], ["boolean", "bool", "flag"],
        ["constant", "const", "fixed"]);

    public static IReadOnlyDictionary<string, string> Modes { get; } = Words(["min", "minimize", "minimise"], ["max", "maximize", "maximise"]);

    public static IReadOnlyDictionary<string, string> Schedulers { get; } = Words(
        ["sha", "successive-halving", "sync-halving"], ["asha", "async-halving", "adaptive-asha", "asynchyperband"]);

    /// <summary>The word of Asha's, then the others for it.</summary>
    private static Dictionary<string, string> Words(params string[][] words)
        => words.SelectMany(word => word.Skip(1), (word, other) => (word[0], other)).ToDictionary(pair => pair.other, pair => pair.Item1);
}
