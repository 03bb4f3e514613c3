using Asha.Host.ExperimentFiles;

namespace Asha.Host.Tests.ExperimentFiles;

/// <summary>Texts of experiment files, and short ways to read them.</summary>
internal static class Files
{
    public static string Folder { get; } = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);

    public static Machine Machine { get; } = new(cores: 8, gpus: 0);

    /// <summary>Every key there is.</summary>
    public const string Full = """
        name: digits
        seed: 7
        metric: {name: validation-error, mode: min}
        resource: {name: epoch, min: 1, max: 64}
        scheduler: {type: asha, reduction-factor: 4, trials: 64}
        space:
          learning-rate: {type: log-uniform, min: 0.0001, max: 1}
          hidden: {type: log-int, min: 16, max: 256}
          optimizer: {type: choice, values: [sgd, adam]}
          momentum: {type: uniform, min: 0, max: 0.99, when: {optimizer: sgd}}
        initial: [{learning-rate: 0.01, hidden: 64, optimizer: adam}]
        trial:
          prepare: [dotnet, build, -c, Release, digits]
          command: [dotnet, trial.dll, --lr, "{learning-rate}"]
          directory: .
          env: {OMP_NUM_THREADS: "1"}
          gpus: 0
          max-attempts: 3
          time-limit: 10m
          silence-limit: 2m
          max-attempts-by-fault: {out-of-memory: 1, crash: 3, time-out: 2, bad-report: 1}
          retry-back-off: {first: 2s, factor: 3, most: 5m, jitter: 0.25}
          cpus: 2
          memory: 4GiB
          labels: [fast, ssd]
          limits: {memory: 3GiB, open-files: 64, processes: 500, cpu-seconds: 3600}
          quarantine: 4
        slots: 2
        stop: {after: 2h, trials: 1000, resource: 20000, metric: 0.02, hopeless: 20}
        """;

    /// <summary>Only what has no default.</summary>
    public const string Small = """
        name: small
        metric: {name: loss, mode: min}
        resource: {name: epoch, max: 64}
        scheduler: {trials: 16}
        space:
          x: {type: uniform, min: 0, max: 1}
        trial:
          command: [train]
        """;

    public static ExperimentReading Read(string text, params (string Path, string Value)[] overrides)
        => ExperimentFile.Read(text, "digits.yaml", Folder, [.. overrides.Select(given => new Override(given.Path, given.Value))], Machine);

    /// <summary>One line each, without the name of the file.</summary>
    public static IReadOnlyList<string> Problems(string text, params (string Path, string Value)[] overrides)
        => [.. Read(text, overrides).Problems.Select(problem => problem.ToString().Replace("digits.yaml:", ""))];
}
