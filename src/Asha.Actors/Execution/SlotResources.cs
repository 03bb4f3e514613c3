using System.Globalization;

namespace Asha.Actors.Execution;

/// <summary>What one slot tells its trials to use.</summary>
public sealed record SlotResources(IReadOnlyList<int> Cpus, IReadOnlyList<string> Gpus)
{
    /// <summary>
    /// Divides a machine among slots: CPUs as evenly as it goes, shared where there are fewer than slots; GPUs never shared.
    /// </summary>
    /// <exception cref="ArgumentException">There are not GPUs enough.</exception>
    public static IReadOnlyList<SlotResources> Divide(int slots, IReadOnlyList<int> cpus, IReadOnlyList<string> gpus, int gpusPerSlot)
    {
        if ((long)slots * gpusPerSlot > gpus.Count)
            throw new ArgumentException($"{slots} slots with {gpusPerSlot} GPUs each need {(long)slots * gpusPerSlot} GPUs; there are {gpus.Count}.");
        return [.. Enumerable.Range(0, slots).Select(slot => new SlotResources(
            Share(cpus, slot, slots), [.. gpus.Skip(slot * gpusPerSlot).Take(gpusPerSlot)]))];
    }

    /// <summary>
    /// The CPUs that Asha itself may use, by their ids: a container or taskset may leave it 4 … 7 only. Under a quota of CPU
    /// time, as many as .NET counts.
    /// </summary>
    public static IReadOnlyList<int> DetectCpus()
    {
        const string label = "Cpus_allowed_list:";
        var line = File.Exists("/proc/self/status")
            ? File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(label, StringComparison.Ordinal)) : null;
        var allowed = line is null ? [] : ParseList(line[label.Length..]);
        return [.. (allowed.Count > 0 ? allowed : Enumerable.Range(0, Environment.ProcessorCount)).Take(Environment.ProcessorCount)];
    }

    /// <summary>A list as the kernel writes it: <c>0-3,8</c>.</summary>
    internal static IReadOnlyList<int> ParseList(string list)
        => [.. list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).SelectMany(range =>
        {
            var bounds = range.Split('-');
            var first = int.Parse(bounds[0], CultureInfo.InvariantCulture);
            return Enumerable.Range(first, int.Parse(bounds[^1], CultureInfo.InvariantCulture) - first + 1);
        })];

    private static IReadOnlyList<int> Share(IReadOnlyList<int> cpus, int slot, int slots)
    {
        if (slots >= cpus.Count)
            return [cpus[slot % cpus.Count]];
        // The borders of equal shares, rounded down: sizes differ by one at most.
        var (from, to) = ((int)((long)slot * cpus.Count / slots), (int)((slot + 1L) * cpus.Count / slots));
        return [.. cpus.Skip(from).Take(to - from)];
    }
}
