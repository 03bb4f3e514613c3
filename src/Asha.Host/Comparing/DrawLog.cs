using Asha.Core.Experiments;
using Asha.Core.Spaces;
using Asha.Core.Worlds;

namespace Asha.Host.Comparing;

/// <summary>An attempt, by which draws are keyed.</summary>
internal readonly record struct AttemptKey(int Trial, int Rung, int Attempt) : IComparable<AttemptKey>
{
    public int CompareTo(AttemptKey other) => (Trial, Rung, Attempt).CompareTo((other.Trial, other.Rung, other.Attempt));

    public override string ToString() => $"trial {Trial}, rung {Rung}, attempt {Attempt}";
}

/// <summary>What chance gave to an attempt of a run, and the metric that came of it.</summary>
/// <param name="Target">The resource that it was to reach: with another reduction factor the same rung has another one.</param>
/// <param name="Metric">As reported; <c>null</c> where it ended without.</param>
internal readonly record struct DrawnAttempt(AttemptDraw Draw, double Target, double? Metric);

/// <summary>What chance gave to a run: to each attempt, and to each trial its configuration.</summary>
internal sealed class DrawLog
{
    private readonly Dictionary<AttemptKey, DrawnAttempt> _attempts = [];
    private readonly List<Configuration> _configurations = [];

    public IReadOnlyDictionary<AttemptKey, DrawnAttempt> Attempts => _attempts;

    /// <summary>By trial.</summary>
    public IReadOnlyList<Configuration> Configurations => _configurations;

    /// <summary>An attempt was given its draws.</summary>
    public void Drawn(JobStarted job, AttemptDraw draw) => _attempts[new AttemptKey(job.Trial, job.Rung, job.Attempt)] = new DrawnAttempt(draw, job.Target, null);

    /// <summary>Takes configurations and metrics as they are in the run's events.</summary>
    public void Apply(ExperimentEvent happened)
    {
        if (happened is TrialSampled sampled)
            _configurations.Add(sampled.Parameters);
        if (happened is not JobCompleted done)
            return;
        var key = new AttemptKey(done.Trial, done.Rung, done.Attempt);
        _attempts[key] = _attempts[key] with { Metric = done.Metric };
    }
}
