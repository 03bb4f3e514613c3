namespace Asha.Benchmarks.ClusterLoad;

/// <summary>What is tuned.</summary>
internal static class LoadWork
{
    public const double FirstLevel = 1;

    /// <summary>The names of runs that are measured begin with it; others warm up.</summary>
    public const string Measured = "load";

    /// <summary>ASHA, η = 4, levels 1, 4, 16, 64, two parameters, as an experiment file. Its trials' command is never run: the nodes are virtual.</summary>
    public static string Experiment(string name, int trials) => $$"""
        name: {{name}}
        seed: 1
        metric: {name: loss, mode: min}
        resource: {name: epoch, min: 1, max: 64}
        scheduler: {type: asha, reduction-factor: 4, trials: {{trials}}}
        space:
          learning-rate: {type: log-uniform, min: 0.00001, max: 1}
          hidden: {type: int, min: 8, max: 1024}
        trial: {command: ["true"], directory: /}
        """;
}
