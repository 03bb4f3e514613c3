using Asha.Core.Experiments;
using Asha.Torture.Invariants.Books;

namespace Asha.Torture.Invariants;

/// <summary>Nothing counts twice: a trial has one result in each rung, an attempt one ending, a report its place; and only what a node has said counts, once its message has come.</summary>
public sealed class ResultsCountOnce : Invariant
{
    /// <summary>Of a trial: the attempt under way, and what it has reported.</summary>
    private sealed class Trial
    {
        public JobStarted? Start;

        /// <summary>The newest one: where its attempt was lost with its node, it may be regained.</summary>
        public JobStarted? Last;
        public double Resource;
        public int Message = -1;
        public (double Resource, double Metric)? Result;
        public readonly HashSet<int> Rungs = [];
        public readonly Dictionary<int, JobReport> Arrived = [];
    }

    private readonly Dictionary<int, Trial> _trials = [];

    public override string Name => "no result counts twice";

    public override void Arrived(TimeSpan now, JobReport report)
    {
        if (!_trials.TryGetValue(report.Trial, out var trial) || trial.Last?.Attempt != report.Attempt)
            return;
        trial.Arrived[report.Message] = report;
    }

    public override void Committed(TimeSpan now, IReadOnlyList<ExperimentEvent> events)
    {
        foreach (var happened in events)
        {
            switch (happened)
            {
                case TrialSampled sampled: _trials[sampled.Trial] = new Trial(); break;
                case JobStarted started: Start(_trials[started.Trial], started); break;
                case ReportAccepted accepted: Accept(_trials[accepted.Trial], accepted); break;
                case JobCompleted done: Complete(_trials[done.Trial], done); break;
                case AttemptFailed failed: Fail(_trials[failed.Trial], failed); break;
                case AttemptRegained regained: Regain(_trials[regained.Trial], regained); break;
                case AttemptLost lost: End(_trials[lost.Trial], lost.Trial, lost.Attempt, lost.Slot, lost); break;
                case JobCut cut: End(_trials[cut.Trial], cut.Trial, cut.Attempt, cut.Slot, cut); break;
            }
        }
    }

    private static void Start(Trial trial, JobStarted started)
    {
        (trial.Start, trial.Last, trial.Resource, trial.Message, trial.Result) = (started, started, started.Start, -1, null);
        trial.Arrived.Clear();
    }

    /// <summary>What counted of it stands, and no other attempt has begun since.</summary>
    private void Regain(Trial trial, AttemptRegained regained)
    {
        Judge(trial.Start is null && trial.Last?.Attempt == regained.Attempt && trial.Result is null, $"{regained}, and {Current(trial)}, the last one was {trial.Last}", regained.Trial);
        trial.Start = trial.Last! with { Slot = regained.Slot };
    }

    private void Accept(Trial trial, ReportAccepted accepted)
    {
        Judge(trial.Start is { } start && start.Attempt == accepted.Attempt, $"a report of attempt {accepted.Attempt} counts, and {Current(trial)}", accepted.Trial);
        var isBeyond = trial.Start!.Start >= trial.Start.Target && trial.Message < 0 && accepted.Resource == trial.Start.Start;
        Judge(trial.Result is null && accepted.Message >= trial.Message && (accepted.Resource > trial.Resource || isBeyond),
            $"message {accepted.Message} with resource {accepted.Resource} counts after message {trial.Message} with {trial.Resource}{(trial.Result is null ? "" : ", the result")}", accepted.Trial);
        Judge(trial.Arrived.TryGetValue(accepted.Message, out var message) && message.Reports.Any(report => report.Problem is null && report.Resource == accepted.Resource && SameNumber.Is(report.Metric, accepted.Metric)),
            $"resource {accepted.Resource} with {accepted.Metric} counts from message {accepted.Message} of attempt {accepted.Attempt}, which {(message is null ? "never came" : $"says {string.Join(", ", message.Reports)}")}", accepted.Trial);
        (trial.Message, trial.Resource) = (accepted.Message, accepted.Resource);
        if (accepted.Resource >= trial.Start.Target)
            trial.Result = (accepted.Resource, accepted.Metric);
    }

    private void Complete(Trial trial, JobCompleted done)
    {
        Judge(trial.Result is var (resource, metric) && resource == done.Resource && SameNumber.Is(metric, done.Metric),
            $"its result in rung {done.Rung} is {done.Metric} at {done.Resource}, and {(trial.Result is { } reported ? $"it had reported {reported.Metric} at {reported.Resource}" : "it had reported none")}", done.Trial);
        End(trial, done.Trial, done.Attempt, done.Slot, done);
        Judge(trial.Rungs.Add(done.Rung), $"a second result in rung {done.Rung}: {done}", done.Trial);
    }

    private void Fail(Trial trial, AttemptFailed failed)
    {
        Judge(trial.Result is null, $"attempt {failed.Attempt} failed ({failed.Cause}), and had its result", failed.Trial);
        End(trial, failed.Trial, failed.Attempt, failed.Slot, failed);
        if (failed.Last)
            Judge(trial.Rungs.Add(failed.Rung), $"a second result in rung {failed.Rung}: {failed}", failed.Trial);
    }

    private void End(Trial trial, int number, int attempt, int slot, ExperimentEvent ending)
    {
        Judge(trial.Start is { } start && start.Attempt == attempt && start.Slot == slot, $"{ending}, and {Current(trial)}", number);
        trial.Start = null;
        if (ending is not AttemptLost { Cause: "node-lost" })
            trial.Arrived.Clear();
    }

    private static string Current(Trial trial) => trial.Start is { } start ? $"attempt {start.Attempt} runs on slot {start.Slot}" : "no attempt runs";
}
