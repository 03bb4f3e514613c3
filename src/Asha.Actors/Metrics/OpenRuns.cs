using System.Diagnostics.Metrics;
using Asha.Core.Experiments;

namespace Asha.Actors.Metrics;

/// <summary>
/// The runs that are open here, each with its own series from its opening until it is closed. Whoever exports keeps a place for each series that it has ever seen of an instrument; so the instruments are made anew, with empty places, after a number of runs.
/// </summary>
/// <param name="time">By which a run's time is told between two events.</param>
public sealed class OpenRuns(TimeProvider time) : IDisposable
{
    /// <summary>So many runs are closed before the instruments are made anew.</summary>
    public const int RunsOfInstruments = 200;

    private readonly Lock _lock = new();
    private readonly List<OpenRun> _runs = [];
    private Meter? _meter;
    private int _closed;

    /// <summary>Entries of all of them that wait for the journal.</summary>
    public int Unwritten => All().Sum(run => run.Metrics.Unwritten);

    /// <summary>A run is at work here.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="record">What its journal says so far; whoever folds it on holds its lock.</param>
    /// <param name="metrics">What its experiment measures itself.</param>
    public OpenRun Open(string name, RunRecord record, ExperimentMetrics metrics)
    {
        var run = new OpenRun(name, record, metrics, time);
        lock (_lock)
        {
            _runs.Add(run);
            _meter ??= Instruments();
        }
        return run;
    }

    /// <summary>It is not at work here any more.</summary>
    public void Close(OpenRun run)
    {
        lock (_lock)
        {
            if (!_runs.Remove(run) || ++_closed < RunsOfInstruments)
                return;
            _closed = 0;
            _meter?.Dispose();
            _meter = Instruments();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _meter?.Dispose();
        }
    }

    private OpenRun[] All()
    {
        lock (_lock)
        {
            return [.. _runs];
        }
    }

    private Meter Instruments()
    {
        var meter = new Meter(MetricInfo.Meter);
        meter.CreateObservableCounter(MetricInfo.Jobs.Name, () => All().SelectMany(run => run.Jobs()), MetricInfo.Jobs.Unit, MetricInfo.Jobs.Description);
        meter.CreateObservableCounter(MetricInfo.SlotTime.Name, () => All().SelectMany(run => run.SlotTime()), MetricInfo.SlotTime.Unit, MetricInfo.SlotTime.Description);
        meter.CreateObservableGauge(MetricInfo.Utilization.Name, () => All().SelectMany(run => run.Utilization()), MetricInfo.Utilization.Unit, MetricInfo.Utilization.Description);
        meter.CreateObservableCounter(MetricInfo.ReportsRefused.Name, () => All().SelectMany(run => run.Refused()), MetricInfo.ReportsRefused.Unit, MetricInfo.ReportsRefused.Description);
        return meter;
    }
}
