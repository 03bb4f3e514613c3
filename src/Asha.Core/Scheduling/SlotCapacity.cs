using Asha.Core.Experiments;

namespace Asha.Core.Scheduling;

/// <summary>What one slot has for whatever runs on it. A machine divides what it has among its slots; what it does not say is 0.</summary>
/// <param name="Cpus">CPUs that are its own, ≥ 0.</param>
/// <param name="Memory">Bytes, ≥ 0.</param>
/// <param name="Gpus">GPUs that are its own, ≥ 0.</param>
/// <param name="Labels">Words that the node goes by; their order does not matter.</param>
public sealed record SlotCapacity(int Cpus = 0, long Memory = 0, int Gpus = 0, IReadOnlyList<string>? Labels = null)
{
    /// <summary>It says nothing of itself.</summary>
    public static SlotCapacity None { get; } = new();

    /// <summary>Each once, in ordinal order.</summary>
    public IReadOnlyList<string> Labels { get; } = SlotLabels.Of(Labels);

    public bool Equals(SlotCapacity? other)
        => other is not null && (Cpus, Memory, Gpus) == (other.Cpus, other.Memory, other.Gpus) && Labels.SequenceEqual(other.Labels);

    // The same in every process: strings' own codes are not.
    public override int GetHashCode() => (((Cpus * 31) + Gpus) * 31) + unchecked((int)(Memory >> 20));
}

/// <summary>What an experiment demands of each of its slots. A slot fits if it has as much of everything, and all the labels.</summary>
/// <param name="Cpus">CPUs, ≥ 0.</param>
/// <param name="Memory">Bytes, ≥ 0.</param>
/// <param name="Gpus">GPUs, ≥ 0.</param>
/// <param name="Labels">Words that the node must go by; their order does not matter.</param>
public sealed record SlotDemand(int Cpus = 0, long Memory = 0, int Gpus = 0, IReadOnlyList<string>? Labels = null)
{
    /// <summary>Any slot fits.</summary>
    public static SlotDemand None { get; } = new();

    /// <summary>Each once, in ordinal order.</summary>
    public IReadOnlyList<string> Labels { get; } = SlotLabels.Of(Labels);

    /// <summary>What trials of this kind need; <c>null</c>: any slot will do.</summary>
    public static SlotDemand? Of(TrialSpec trial)
        => new SlotDemand(trial.Cpus, trial.Memory, trial.Gpus, trial.Labels) is var demand && demand != None ? demand : null;

    public bool IsMetBy(SlotCapacity slot)
        => slot.Cpus >= Cpus && slot.Memory >= Memory && slot.Gpus >= Gpus && Labels.All(label => slot.Labels.Contains(label));

    public bool Equals(SlotDemand? other)
        => other is not null && (Cpus, Memory, Gpus) == (other.Cpus, other.Memory, other.Gpus) && Labels.SequenceEqual(other.Labels);

    public override int GetHashCode() => (((Cpus * 31) + Gpus) * 31) + unchecked((int)(Memory >> 20));
}

internal static class SlotLabels
{
    public static IReadOnlyList<string> Of(IReadOnlyList<string>? labels)
        => [.. (labels ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
