using MathNet.Numerics.Statistics;

namespace Asha.Core.Recordings;

/// <summary>
/// How long a trial takes from one resource to another where no such job was recorded: from the times between its own reports. What an attempt takes before its training begins and after its last report is the run's median of attempts that tell,
/// by more than one report.
/// </summary>
public sealed class RecordedPace
{
    /// <summary>From a resource on, up to the next one's, a unit takes so many seconds.</summary>
    private readonly record struct Stretch(double From, double To, double PerUnit);

    private readonly Dictionary<int, Stretch[]> _trials;

    /// <param name="attempts">All of the recording.</param>
    public RecordedPace(IReadOnlyList<RecordedAttempt> attempts)
    {
        StartUp = MedianOf(attempts.Where(attempt => attempt.Reports.Count > 1 && !attempt.Job.GoesOn).Select(BeforeTraining));
        Ending = MedianOf(attempts.Where(attempt => attempt.HasResult).Select(attempt => (attempt.Length - attempt.Reports[^1].After).TotalSeconds));
        _trials = attempts.Where(attempt => attempt.Reports.Count > 0).GroupBy(attempt => attempt.Job.Trial).ToDictionary(trial => trial.Key, trial => Stretches(trial));
        PerUnit = MedianOf(attempts.Where(attempt => attempt.HasResult && attempt.Reports[^1].Resource > attempt.Job.Start)
            .Select(attempt => Math.Max(0, attempt.Reports[^1].After.TotalSeconds - (attempt.Job.GoesOn ? 0 : StartUp)) / (attempt.Reports[^1].Resource - attempt.Job.Start)));
    }

    /// <summary>Seconds from an attempt's start until it trains.</summary>
    public double StartUp { get; }

    /// <summary>Seconds from an attempt's result until its slot is idle.</summary>
    public double Ending { get; }

    /// <summary>Seconds of a unit, the median of all jobs with a result; 1 where none tells.</summary>
    public double PerUnit { get => field > 0 ? field : 1; }

    /// <summary>Seconds of a job from one resource to another at the median pace.</summary>
    public double Usual(double from, double to, bool goesOn, double times = 1) => Ending + (goesOn ? 0 : StartUp) + times * PerUnit * (to - from);

    /// <summary>Seconds of a job from one resource to another. Beyond what the trial was recorded to, it goes on as at the last; a trial without a report has the run's median pace.</summary>
    /// <param name="goesOn">Its process runs on: it does not start.</param>
    public double Seconds(int trial, double from, double to, bool goesOn)
    {
        if (!_trials.TryGetValue(trial, out var stretches))
            return Usual(from, to, goesOn);
        var seconds = Ending + (goesOn ? 0 : StartUp);
        var at = from;
        foreach (var stretch in stretches)
        {
            if (stretch.To <= at || at >= to)
                continue;
            var until = Math.Min(stretch.To, to);
            seconds += (until - at) * stretch.PerUnit;
            at = until;
        }
        return seconds + Math.Max(0, to - at) * stretches[^1].PerUnit;
    }

    /// <summary>What the first report took longer than the second would have, as many units.</summary>
    private static double BeforeTraining(RecordedAttempt attempt)
    {
        var (first, second) = (attempt.Reports[0], attempt.Reports[1]);
        var perUnit = (second.After - first.After).TotalSeconds / (second.Resource - first.Resource);
        return Math.Max(0, first.After.TotalSeconds - perUnit * (first.Resource - attempt.Job.Start));
    }

    /// <summary>By rising resource; where attempts overlap, what was recorded first counts.</summary>
    private Stretch[] Stretches(IEnumerable<RecordedAttempt> attempts)
    {
        var (stretches, covered) = (new List<Stretch>(), 0.0);
        foreach (var attempt in attempts.OrderBy(attempt => attempt.Job.Attempt))
        {
            var (resource, time) = (attempt.Job.Start, attempt.Job.GoesOn ? 0 : StartUp);
            foreach (var report in attempt.Reports)
            {
                if (report.Resource <= resource)
                    continue;
                if (report.Resource > covered)
                    stretches.Add(new Stretch(Math.Max(covered, resource), report.Resource, Math.Max(0, report.After.TotalSeconds - time) / (report.Resource - resource)));
                (covered, resource, time) = (Math.Max(covered, report.Resource), report.Resource, report.After.TotalSeconds);
            }
        }
        return [.. stretches];
    }

    private static double MedianOf(IEnumerable<double> values) => values.ToArray() is { Length: > 0 } all ? all.Median() : 0;
}
