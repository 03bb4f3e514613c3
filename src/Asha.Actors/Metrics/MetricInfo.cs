namespace Asha.Actors.Metrics;

/// <summary>What a metric's value is: a sum that only grows, what is so at the moment, or how many values were in which range.</summary>
public enum MetricKind { Counter, Gauge, Histogram }

/// <summary>One of Asha's metrics, as whoever asks for it knows it.</summary>
/// <param name="Name">Of the instrument, as OpenTelemetry writes names.</param>
/// <param name="Kind">What its value is.</param>
/// <param name="Unit">UCUM: <c>s</c>, <c>1</c>; what is counted in braces.</param>
/// <param name="Labels">Its labels; each has few values, or comes and goes with a run that is open here.</param>
/// <param name="Description">A sentence.</param>
public sealed record MetricInfo(string Name, MetricKind Kind, string Unit, IReadOnlyList<string> Labels, string Description)
{
    /// <summary>The meter that all of them are of.</summary>
    public const string Meter = "Asha";

    /// <summary>The label with the run's name, while the run is open.</summary>
    public const string Experiment = "experiment";

    public static MetricInfo Slots { get; } = new("asha.slots", MetricKind.Gauge, "{slot}", ["state"], "Slots of the cluster, on the coordinator that has the registry.");
    public static MetricInfo SlotTime { get; } = new("asha.slot.time", MetricKind.Counter, "s", [Experiment, "use"], "Slot-time that the run had: busy, or the cause of idleness.");
    public static MetricInfo Utilization { get; } = new("asha.utilization", MetricKind.Gauge, "1", [Experiment], "Busy slot-time of the run, of all that it had so far.");
    public static MetricInfo Jobs { get; } = new("asha.jobs", MetricKind.Counter, "{job}", [Experiment, "outcome"], "Attempts at jobs that have ended, as the run's journal has them.");
    public static MetricInfo ReportsRefused { get; } = new("asha.reports.refused", MetricKind.Counter, "{report}", [Experiment, "reason"], "Reports that did not count, as the run's journal has them.");
    public static MetricInfo DecisionDuration { get; } = new("asha.decision.duration", MetricKind.Histogram, "s", [], "From a report's arrival at its experiment until what follows from it is let out.");
    public static MetricInfo JournalDuration { get; } = new("asha.journal.duration", MetricKind.Histogram, "s", [], "From handing an entry to a run's journal until it is written.");
    public static MetricInfo RecycleDuration { get; } = new("asha.recycle.duration", MetricKind.Histogram, "s", [], "From a job's end on a slot until the next start on it, a wait for work included.");
    public static MetricInfo QueueLength { get; } = new("asha.queue.length", MetricKind.Gauge, "{item}", ["queue"], "What waits: entries for the journal, or reports that a node keeps until they are in one.");
    public static MetricInfo Members { get; } = new("asha.members", MetricKind.Gauge, "{member}", ["role", "state"], "Members of the cluster, as this coordinator sees them.");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<MetricInfo> All { get; } = [Slots, SlotTime, Utilization, Jobs, ReportsRefused, DecisionDuration, JournalDuration, RecycleDuration, QueueLength, Members];

    /// <summary>The largest value of each bucket of a duration, in seconds.</summary>
    public static IReadOnlyList<double> Buckets { get; } = [.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60];

    /// <summary>As Prometheus has it: with the unit, and what it is.</summary>
    public string Exported => $"{Name.Replace('.', '_')}{(Unit == "s" ? "_seconds" : "")}{(Kind == MetricKind.Counter ? "_total" : "")}";
}
