using System.Globalization;

namespace Asha.Crashes;

/// <summary>What one run is, and what is done to it.</summary>
/// <param name="Scheduler"><c>sha</c> or <c>asha</c>.</param>
/// <param name="OnSmallDisk">Its folder is on a tmpfs of its own, which is filled now and then.</param>
/// <param name="HurtsTrials">Trials are killed and stopped, for good too. Where not, a job has one try: a single one that a killed engine used up would show.</param>
internal sealed record Workload(string Name, string Scheduler, bool OnSmallDisk, bool HurtsTrials)
{
    /// <summary>In turn.</summary>
    public static readonly IReadOnlyList<Workload> All =
    [
        new("SHA, one try", "sha", OnSmallDisk: false, HurtsTrials: false),
        new("ASHA, trials hurt", "asha", OnSmallDisk: false, HurtsTrials: true),
        new("SHA, full disk, trials hurt", "sha", OnSmallDisk: true, HurtsTrials: true),
        new("ASHA, full disk", "asha", OnSmallDisk: true, HurtsTrials: false),
    ];

    /// <summary>Tries of a job: one that finds no room on the disk fails as well.</summary>
    public int MaxAttempts => HurtsTrials || OnSmallDisk ? 100 : 1;

    /// <summary>The experiment's file.</summary>
    public string Text(int trials, int seed) => string.Create(CultureInfo.InvariantCulture, $$"""
        name: crashes
        seed: {{seed}}
        metric: {name: loss, mode: min}
        resource: {name: step, min: 4, max: 108}
        scheduler: {type: {{Scheduler}}, reduction-factor: 3, trials: {{trials}}}
        space:
          x: {type: int, min: 0, max: 1000000}
        trial:
          command: [bash, trial.sh]
          max-attempts: {{MaxAttempts}}
          retry-back-off: 100ms
          {{(HurtsTrials ? "silence-limit: 2s" : "")}}
        slots: 4

        """);
}
