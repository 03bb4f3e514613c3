using System.Text;
using Asha.Core.Experiments;

namespace Asha.Actors.Execution;

/// <summary>Where the output of one attempt goes: reports to the caller, everything else to the log.</summary>
internal sealed class TrialOutput
{
    private const int ShownLines = 5;

    /// <summary>A trial that prints the same report for ever would fill the journal; so many say enough.</summary>
    private const int MostRejections = 100;

    private readonly TrialLaunch _launch;
    private readonly CheckpointStore _checkpoints;
    private readonly BoundedLog _log;
    private readonly TrialWatch _watch;
    private readonly CheckpointPublisher _publisher;
    private readonly ReportFilter _filter;
    private readonly OutputTail _tail = new();
    private double _resource;
    private int _rejections;
    private volatile bool _closed;

    public TrialOutput(TrialLaunch launch, CheckpointStore checkpoints, BoundedLog log, TrialWatch watch, Action<TrialReport> report)
    {
        (_launch, _checkpoints, _log, _watch) = (launch, checkpoints, log, watch);
        _publisher = new(launch, checkpoints, log.Line, report);
        _resource = launch.Start;
        _filter = new(ReportText, LogText);
    }

    /// <summary>Whether the attempt published a checkpoint.</summary>
    public bool HasCheckpoint => _publisher.HasPublished;

    /// <summary>Whether a report did not count.</summary>
    public bool HasRejections => _rejections > 0;

    /// <summary>For the detail of a failure.</summary>
    public IReadOnlyList<string> LastLines => _tail.Lines(ShownLines);

    /// <summary>The attempt has ended. A process that nobody could find may still hold its pipe; nothing of it is heard any more. Completes when all that it reported is handed on.</summary>
    public Task CloseAsync()
    {
        _closed = true;
        return _publisher.Completed;
    }

    public void Output(ReadOnlySpan<byte> bytes)
    {
        if (_closed)
            return;
        _watch.Printed();
        if (bytes.IsEmpty)
            _filter.Complete();
        else
            _filter.Write(bytes);
    }

    public void Error(ReadOnlySpan<byte> bytes)
    {
        if (_closed)
            return;
        _watch.Printed();
        LogText(bytes);
    }

    private void LogText(ReadOnlySpan<byte> bytes)
    {
        _log.Write(bytes);
        _tail.Write(bytes);
    }

    private void ReportText(ReadOnlySpan<byte> line)
    {
        if (_watch.HasResult)
            return; // what comes after the result is ignored
        var report = ReportLine.Parse(line) ?? TrialReport.Rejected("not a report");
        if (report.Checkpoint is { } path && _checkpoints.Problem(_launch.Trial, _launch.Attempt, path) is { } problem)
            report = Without(report, problem);
        if (IsOneTooMany(report))
            return;
        // The author of the script looks for the reason where the script's own words are.
        if (report.Problem is not null)
            _log.Line($"=== rejected, {report.Problem}: {Encoding.UTF8.GetString(line[..Math.Min(line.Length, 200)])} ===");
        else if (report.Resource >= _launch.Target)
            _watch.ResultReported();
        _publisher.Take(report);
    }

    /// <summary>Counts what does not count. That the resource has to rise is the experiment's rule; here it only bounds what is sent on.</summary>
    private bool IsOneTooMany(TrialReport report)
    {
        if (report.Problem is null && report.Resource > _resource)
        {
            _resource = report.Resource;
            return false;
        }
        if (++_rejections == MostRejections + 1)
            _log.Line($"=== more than {MostRejections} reports were rejected; further ones are not mentioned ===");
        return _rejections > MostRejections;
    }

    /// <summary>
    /// A trial that keeps its newest checkpoint only may have deleted this one before the line was read: then the next report
    /// has a newer one. At the result there is no next report, and a path that never was there must not pass in silence.
    /// </summary>
    private TrialReport Without(TrialReport report, string problem)
    {
        if (problem != CheckpointStore.Missing || report.Resource >= _launch.Target)
            return TrialReport.Rejected(problem);
        _log.Line($"=== checkpoint '{report.Checkpoint}' does not exist ===");
        return report with { Checkpoint = null };
    }
}
