using System.Globalization;

namespace Asha.Core.Scheduling;

/// <summary>Why nothing can be given to an experiment, in words for people: not that all is taken, but that no slot is such as it demands.</summary>
public static class SlotShortage
{
    /// <summary><c>null</c> where one of these slots fits; otherwise what they lack, as a clause without a full stop.</summary>
    public static string? Of(SlotDemand demand, IEnumerable<SlotCapacity> slots)
    {
        var present = slots.ToArray();
        if (present.Any(demand.IsMetBy))
            return null;
        if (present.Length == 0)
            return "there are no slots";
        string[] lacking =
        [
            .. Lacking(demand.Gpus, present.Max(slot => slot.Gpus), gpus => Count(gpus, "GPU")),
            .. Lacking(demand.Cpus, present.Max(slot => slot.Cpus), cpus => Count(cpus, "CPU")),
            .. Lacking(demand.Memory, present.Max(slot => slot.Memory), bytes => $"{Gibibytes(bytes)} GiB of memory"),
            .. demand.Labels.Where(label => !present.Any(slot => slot.Labels.Contains(label))).Select(label => $"no slot has the label {label}"),
        ];
        return lacking.Length > 0
            ? string.Join("; ", lacking)
            : $"no slot has all of {string.Join(", ", Parts(demand))}, though there are slots with each";
    }

    private static IEnumerable<string> Lacking(long wanted, long most, Func<long, string> say)
    {
        if (wanted > most)
            yield return most == 0 ? $"no slot has {say(wanted)}" : $"no slot has {say(wanted)}, the most is {say(most)}";
    }

    private static IEnumerable<string> Parts(SlotDemand demand)
    {
        if (demand.Gpus > 0)
            yield return Count(demand.Gpus, "GPU");
        if (demand.Cpus > 0)
            yield return Count(demand.Cpus, "CPU");
        if (demand.Memory > 0)
            yield return $"{Gibibytes(demand.Memory)} GiB of memory";
        foreach (var label in demand.Labels)
            yield return $"the label {label}";
    }

    private static string Count(long number, string unit) => number == 1 ? $"1 {unit}" : $"{number} {unit}s";

    private static string Gibibytes(long bytes) => (bytes / (double)(1L << 30)).ToString("0.##", CultureInfo.InvariantCulture);
}
