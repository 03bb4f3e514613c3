using Asha.Actors.Messages;
using Asha.Core.Experiments;
using Asha.Torture.Invariants.Books;

namespace Asha.Torture.Invariants;

/// <summary>Once a trial has reported the result of its job, and its slot has heard it, the attempt does not fail, nor end without it because it was told to end: it has its result, or was lost with its node, its engine or its experiment. (Not judged of trials that run through their levels: which attempt a report is for is decided later.)</summary>
public sealed class ReportedResultsCount : Invariant
{
    private readonly Dictionary<(int Trial, int Attempt), (double Resource, double Metric)> _results = [];

    public override string Name => "what a trial reported as its result counts";

    public override void Reported(TimeSpan now, NodeSlot slot, StartJob job, TrialReport report)
    {
        if (job is { Goal: null, GoesOn: false } && report.Problem is null && report.Resource >= job.Target && report.Resource > job.Start)
            _results.TryAdd((job.Trial, job.Attempt), (report.Resource, report.Metric));
    }

    public override void Committed(TimeSpan now, IReadOnlyList<ExperimentEvent> events)
    {
        foreach (var happened in events)
        {
            switch (happened)
            {
                case AttemptFailed failed when _results.Remove((failed.Trial, failed.Attempt), out var lost):
                    Judge(false, () => $"attempt {failed.Attempt} failed ({failed.Cause}), and its trial had reported {lost.Metric} at {lost.Resource}", failed.Trial);
                    break;
                case JobCompleted done when _results.Remove((done.Trial, done.Attempt), out var result):
                    Judge(result.Resource == done.Resource && SameNumber.Is(result.Metric, done.Metric), () => $"its trial had reported {result.Metric} at {result.Resource}, and {done.Metric} at {done.Resource} counts", done.Trial);
                    break;
                // One that was lost with its node may be back.
                case AttemptLost lost when _results.TryGetValue((lost.Trial, lost.Attempt), out var unheard):
                    Judge(lost.Cause is "node-lost" or "engine-lost", () => $"attempt {lost.Attempt} was lost ({lost.Cause}), and its trial had reported {unheard.Metric} at {unheard.Resource}", lost.Trial);
                    break;
            }
        }
    }
}
