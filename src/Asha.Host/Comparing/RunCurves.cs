using Asha.Core.Experiments;
using Asha.Core.Utilization;

namespace Asha.Host.Comparing;

/// <summary>How a run went over time, small enough to be kept of every run.</summary>
internal sealed class RunCurves
{
    private const int MostPoints = 512;

    private readonly List<(double Time, double Metric)> _bests = [];
    private readonly List<double> _trained = [];
    private (double Step, double[] Busy, double[] Present) _time;

    /// <summary>When the run ended, in seconds.</summary>
    public double End { get; private set; }

    /// <summary>The best finite result of any rung from a time on, in seconds; as reported.</summary>
    public IReadOnlyList<(double Time, double Metric)> Bests => _bests;

    public void Apply(ExperimentState after, ExperimentEvent happened)
    {
        End = happened.Time.TotalSeconds;
        if (happened is not JobCompleted done)
            return;
        if (done.Resource >= after.Spec.Resource.Max)
            _trained.Add(End);
        if (after.BestMetric is { } turned && after.Spec.Metric.Turned(turned) is var best && (_bests.Count == 0 || _bests[^1].Metric != best))
            _bests.Add((End, best));
    }

    /// <summary>Keeps of an activity what <see cref="Utilization"/> needs.</summary>
    public void Keep(SlotActivity activity)
    {
        var merged = (activity.Bins + MostPoints - 1) / MostPoints;
        var points = merged == 0 ? 0 : (activity.Bins + merged - 1) / merged;
        _time = (activity.Width.TotalSeconds * merged, new double[points + 1], new double[points + 1]);
        foreach (var use in activity.Uses)
        {
            for (var bin = 0; bin < activity.Bins; bin++)
            {
                var seconds = activity.Of(use, bin).TotalSeconds;
                _time.Present[bin / merged + 1] += seconds;
                if (use.Level is not null)
                    _time.Busy[bin / merged + 1] += seconds;
            }
        }
        for (var point = 1; point <= points; point++)
        {
            _time.Present[point] += _time.Present[point - 1];
            _time.Busy[point] += _time.Busy[point - 1];
        }
    }

    /// <summary>Busy ÷ present slot-time between two times, in seconds; <c>null</c> where the run was over for most of it.</summary>
    public double? Utilization(double from, double to)
        => (from + to) / 2 <= End && Sum(_time.Present, to) - Sum(_time.Present, from) is > 0 and var present ? Math.Clamp((Sum(_time.Busy, to) - Sum(_time.Busy, from)) / present, 0, 1) : null;

    /// <summary>The best finite result of any rung by a time; it stays what it was when the run has ended. <c>null</c>: there was none.</summary>
    public double? Best(double time) => Count(_bests, step => step.Time, time) is > 0 and var steps ? _bests[steps - 1].Metric : null;

    /// <summary>How many trials had a result in the top rung by a time.</summary>
    public int Trained(double time) => Count(_trained, own => own, time);

    private static int Count<T>(List<T> steps, Func<T, double> at, double time)
    {
        var (low, high) = (0, steps.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (at(steps[middle]) <= time)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private double Sum(double[] sums, double time)
    {
        // The last bin is filled up to the run's end only.
        var last = sums.Length - 2;
        if (last < 0)
            return 0;
        var bin = Math.Clamp((int)(time / _time.Step), 0, last);
        var width = bin == last ? Math.Max(End - bin * _time.Step, double.Epsilon) : _time.Step;
        return sums[bin] + (sums[bin + 1] - sums[bin]) * Math.Clamp((time - bin * _time.Step) / width, 0, 1);
    }
}
