using System.Diagnostics.Metrics;

namespace Asha.Actors.Metrics;

/// <summary>
/// What a process of a cluster measures. Counts are read when somebody asks, from state that is there anyway; only durations are taken as things happen. A run in virtual time has none of this (docs/decisions/027).
/// </summary>
public sealed class EngineMetrics : IDisposable
{
    private readonly Meter _meter = new(MetricInfo.Meter);
    private readonly Histogram<double> _decision, _journal, _recycle;
    private volatile IReadOnlyDictionary<string, int>? _slots;
    private volatile IReadOnlyDictionary<(string Role, string State), int>? _members;

    /// <summary>-1: there is no node here.</summary>
    private volatile int _unstored = -1;

    /// <param name="time">By whose timestamps durations are taken.</param>
    public EngineMetrics(TimeProvider time)
    {
        Time = time;
        _decision = Durations(MetricInfo.DecisionDuration);
        _journal = Durations(MetricInfo.JournalDuration);
        _recycle = Durations(MetricInfo.RecycleDuration);
        Runs = new OpenRuns(time);
        _meter.CreateObservableUpDownCounter(MetricInfo.QueueLength.Name, Queues, MetricInfo.QueueLength.Unit, MetricInfo.QueueLength.Description);
        _meter.CreateObservableUpDownCounter(MetricInfo.Slots.Name, () => (_slots ?? new Dictionary<string, int>()).Select(slots => new Measurement<int>(slots.Value, new KeyValuePair<string, object?>("state", slots.Key))), MetricInfo.Slots.Unit, MetricInfo.Slots.Description);
        _meter.CreateObservableUpDownCounter(MetricInfo.Members.Name, () => (_members ?? new Dictionary<(string, string), int>()).Select(members
            => new Measurement<int>(members.Value, new("role", members.Key.Role), new("state", members.Key.State))), MetricInfo.Members.Unit, MetricInfo.Members.Description);
    }

    /// <summary>The runs that are open here.</summary>
    public OpenRuns Runs { get; }

    internal TimeProvider Time { get; }

    /// <summary>Whether anybody asks for the durations: if not, none is taken.</summary>
    internal bool TakesDecisions => _decision.Enabled;

    internal bool TakesJournal => _journal.Enabled;

    internal bool TakesRecycling => _recycle.Enabled;

    /// <summary>Slots by state; <c>null</c>: the registry is elsewhere.</summary>
    public void ShowSlots(IReadOnlyDictionary<string, int>? slots) => _slots = slots;

    /// <summary>Members by role and state; <c>null</c>: this one is not in the cluster.</summary>
    public void ShowMembers(IReadOnlyDictionary<(string Role, string State), int>? members) => _members = members;

    /// <summary>Reports that wait on this node.</summary>
    public void ShowUnstored(int reports) => _unstored = reports;

    internal void Decided(TimeSpan took) => _decision.Record(took.TotalSeconds);

    internal void Written(long handedOver) => _journal.Record(Time.GetElapsedTime(handedOver).TotalSeconds);

    internal void Recycled(long ended) => _recycle.Record(Time.GetElapsedTime(ended).TotalSeconds);

    public void Dispose()
    {
        _meter.Dispose();
        Runs.Dispose();
    }

    /// <summary>A process has one of the two.</summary>
    private IEnumerable<Measurement<int>> Queues()
        => [_unstored is >= 0 and var reports ? new(reports, new KeyValuePair<string, object?>("queue", "reports")) : new(Runs.Unwritten, new KeyValuePair<string, object?>("queue", "journal"))];

    private Histogram<double> Durations(MetricInfo metric)
        => _meter.CreateHistogram(metric.Name, metric.Unit, metric.Description, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = MetricInfo.Buckets });
}
