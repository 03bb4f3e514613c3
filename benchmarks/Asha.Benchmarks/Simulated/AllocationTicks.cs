using System.Diagnostics.Tracing;

namespace Asha.Benchmarks.Simulated;

/// <summary>What is allocated, by type: the runtime tells of every 100 kB or so which type came next. Slow; for looking, not for timing.</summary>
internal sealed class AllocationTicks : EventListener
{
    private readonly Dictionary<string, long> _bytes = [];

    /// <summary>Share of the bytes, largest first.</summary>
    public IReadOnlyList<(string Type, double Share)> Shares
    {
        get
        {
            lock (_bytes)
            {
                var all = (double)_bytes.Values.Sum();
                return [.. _bytes.OrderByDescending(entry => entry.Value).Select(entry => (entry.Key, entry.Value / all))];
            }
        }
    }

    protected override void OnEventSourceCreated(EventSource source)
    {
        if (source.Name == "Microsoft-Windows-DotNETRuntime")
            EnableEvents(source, EventLevel.Verbose, (EventKeywords)1);
    }

    protected override void OnEventWritten(EventWrittenEventArgs happened)
    {
        if (happened.EventName?.StartsWith("GCAllocationTick", StringComparison.Ordinal) != true)
            return;
        var (type, bytes) = ((string)happened.Payload![happened.PayloadNames!.IndexOf("TypeName")]!, (ulong)happened.Payload[happened.PayloadNames.IndexOf("AllocationAmount64")]!);
        lock (_bytes)
            _bytes[type] = _bytes.GetValueOrDefault(type) + (long)bytes;
    }
}
