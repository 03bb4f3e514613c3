using System.Diagnostics.Metrics;
using Asha.Core.Experiments;
using Asha.Core.Utilization;

namespace Asha.Actors.Metrics;

/// <summary>
/// A run's series, read from what its journal says: whoever takes it over goes on with the same numbers. Between two events slots do what they did, so their time goes on; what is told never falls, although an event may be of a moment earlier than it was written.
/// </summary>
/// <param name="name">The run's.</param>
/// <param name="record">Its fold; read under its lock.</param>
/// <param name="metrics">What its experiment measures itself.</param>
/// <param name="time">Tells how long ago the last event was written.</param>
public sealed class OpenRun(string name, RunRecord record, ExperimentMetrics metrics, TimeProvider time)
{
    private static readonly JobOutcome[] _outcomes = Enum.GetValues<JobOutcome>();
    private static readonly IdleCause[] _causes = Enum.GetValues<IdleCause>();

    /// <summary>What was told last: busy, then each cause.</summary>
    private readonly double[] _told = new double[1 + _causes.Length];
    private long? _committed;

    internal ExperimentMetrics Metrics => metrics;

    /// <summary>Events were folded just now, under the record's lock; from then on its time is known to go on.</summary>
    public void Committed() => _committed = time.GetTimestamp();

    internal Measurement<long>[] Jobs()
    {
        lock (record)
        {
            return record.Outcomes is { } outcomes ? [.. _outcomes.Select(outcome => Of(outcomes[outcome], "outcome", outcome.ToString().ToLowerInvariant()))] : [];
        }
    }

    internal Measurement<double>[] SlotTime()
    {
        lock (record)
        {
            var tally = Now();
            Tell(0, tally.Busy);
            foreach (var cause in _causes)
                Tell(1 + (int)cause, tally.Idle(cause));
            return [Of(_told[0], "use", "busy"), .. _causes.Select(cause => Of(_told[1 + (int)cause], "use", cause.Name()))];
        }
    }

    /// <summary>None before it has had a slot.</summary>
    internal Measurement<double>[] Utilization()
    {
        lock (record)
        {
            return Now() is { Present.Ticks: > 0 } tally ? [new Measurement<double>(tally.Utilization, new KeyValuePair<string, object?>(MetricInfo.Experiment, name))] : [];
        }
    }

    internal Measurement<long>[] Refused()
    {
        lock (record)
        {
            var ignored = record.State.IgnoredReports;
            return [Of((long)record.State.RejectedReports, "reason", "rejected"), Of((long)ignored.Duplicate, "reason", "duplicate"), Of((long)ignored.Late, "reason", "late"), Of((long)ignored.Stale, "reason", "stale"), Of((long)ignored.Unknown, "reason", "unknown")];
        }
    }

    private void Tell(int index, TimeSpan value) => _told[index] = Math.Max(_told[index], value.TotalSeconds);

    private UtilizationTally Now() => record.State.Ended is null && _committed is { } committed
        ? record.Utilization.Until(record.State, record.State.Time + time.GetElapsedTime(committed))
        : record.Utilization;

    private Measurement<T> Of<T>(T value, string label, string of) where T : struct => new(value, new(MetricInfo.Experiment, name), new(label, of));
}
