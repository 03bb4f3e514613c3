using Asha.Actors.Execution;
using Asha.Core.Experiments;

namespace Asha.Tuning.Trials;

/// <summary>What becomes of the reports of one attempt, by the rules of docs/trial-protocol.md; its owner calls it from one thread at a time.</summary>
internal sealed class ReportGate(TrialLaunch launch, CheckpointStore checkpoints, IAttemptListener listener)
{
    /// <summary>A trial that repeats itself for ever would fill the journal; so many say enough.</summary>
    private const int MostRejections = 100;

    private double _resource = launch.Start;
    private int _rejections;
    private string _lastRejection = "";

    /// <summary>Whether the target was reached; what comes after that is ignored.</summary>
    public bool HasResult { get; private set; }

    /// <summary>Whether a report did not count.</summary>
    public bool HasRejections => _rejections > 0;

    /// <summary>Whether a checkpoint was published.</summary>
    public bool HasCheckpoint { get; private set; }

    /// <summary>What a method that returns without a result lacks.</summary>
    public string Shortfall => _resource > launch.Start
        ? $"it returned at {_resource:R}, before the {launch.Target:R} that it was to reach"
        : _rejections > 0 ? $"none of its reports counts: {_lastRejection}" : "it returned without a report";

    /// <summary>The report, if it counts; otherwise its rejection is sent on.</summary>
    public TrialReport? Check(double resource, double metric, string? checkpoint, out string? rejection)
    {
        var sent = new TrialReport(resource, metric, Relative(checkpoint));
        rejection = Problem(ref sent);
        if (rejection is not null)
        {
            _lastRejection = rejection;
            if (++_rejections <= MostRejections)
                listener.Reported(TrialReport.Rejected(rejection));
            else
                rejection = _rejections == MostRejections + 1 ? $"as {MostRejections} were before; further ones are not mentioned" : null;
            return null;
        }
        return sent;
    }

    /// <summary>Publishes the report's checkpoint. One that cannot be counts as none, and what is answered says why.</summary>
    public string? Publish(ref TrialReport report)
    {
        var problem = checkpoints.Publish(launch.Trial, launch.Attempt, report.Checkpoint!, report.Resource, out var bytes);
        if (problem is not null)
            problem = $"checkpoint '{report.Checkpoint}' does not count: {problem}";
        report = problem is null ? report with { CheckpointBytes = bytes } : report with { Checkpoint = null };
        return problem;
    }

    /// <summary>Sends on a report that counts.</summary>
    public void Accept(TrialReport report)
    {
        _resource = report.Resource;
        HasResult = report.Resource >= launch.Target;
        HasCheckpoint |= report.Checkpoint is not null;
        listener.Reported(report);
    }

    private string? Problem(ref TrialReport sent)
    {
        if (!(double.IsFinite(sent.Resource) && sent.Resource > 0))
            return "resource is not a finite number above 0";
        if (sent.Resource <= _resource)
            return $"resource {sent.Resource:R} does not rise: it was {_resource:R} already";
        if (sent.Checkpoint is not { } path)
            return null;
        if (ReportLine.CheckpointProblem(path) is { } wrong)
            return wrong;
        var problem = checkpoints.Problem(launch.Trial, launch.Attempt, path);
        if (problem != CheckpointStore.Missing || sent.Resource >= launch.Target)
            return problem;
        // As for a process: one that is gone again counts as none, except at the result.
        sent = sent with { Checkpoint = null };
        return null;
    }

    private string? Relative(string? checkpoint)
        => Path.IsPathFullyQualified(checkpoint ?? "") ? Path.GetRelativePath(checkpoints.FolderOf(launch.Trial, launch.Attempt), checkpoint!) : checkpoint;
}
