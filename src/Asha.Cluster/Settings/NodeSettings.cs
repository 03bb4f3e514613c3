using Asha.Core.Scheduling;

namespace Asha.Cluster.Settings;

/// <summary>What <c>asha node</c> is told.</summary>
public sealed record NodeSettings : MemberSettings
{
    /// <summary>What people call it: the machine's name, unless something else was given.</summary>
    public required string Name { get; init; }

    /// <summary>Trials at a time, ≥ 1.</summary>
    public required int Slots { get; init; }

    /// <summary>CPUs that its slots share, ≥ 1.</summary>
    public required int Cpus { get; init; }

    /// <summary>Memory in bytes that its slots share; <c>null</c>: nobody counts it, and no experiment that demands any runs here.</summary>
    public long? Memory { get; init; }

    /// <summary>Ids of the GPUs that its slots share.</summary>
    public IReadOnlyList<string> Gpus { get; init; } = [];

    /// <summary>Words that experiments may ask for.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Where others fetch checkpoints and logs; <c>null</c>: <see cref="MemberSettings.Listen"/>'s host and any port.</summary>
    public HostPort? Files { get; init; }

    /// <summary>Where it answers Prometheus; <c>null</c>: nowhere.</summary>
    public HostPort? Metrics { get; init; }

    /// <summary>Full path of a folder for checkpoints that all nodes have under some path, so that nothing is fetched; <c>null</c>: each keeps its own, in <see cref="MemberSettings.Data"/>.</summary>
    public string? Checkpoints { get; init; }

    /// <summary>Where it hands out checkpoints and logs.</summary>
    internal HostPort HandsOutAt => Files ?? Listen with { Port = 0 };

    /// <summary>Whether anybody has to fetch checkpoints.</summary>
    internal bool HandsOutCheckpoints => Files is not null || Checkpoints is null;

    internal override string Role => ClusterConfig.Node;

    internal override string Self => Name;

    public override IEnumerable<string> Problems()
    {
        foreach (var problem in base.Problems())
            yield return problem;
        if (Files is { IsAny: true })
            yield return $"files: {Files} is every address of this machine; say the one by which the others reach it";
        if (Tls is not null && Metrics is { IsLoopback: false } && TokenFile is null)
            yield return $"token-file: is missing: {Metrics} (metrics) can be reached from other machines, and without a token everybody there can read them";
        if (Checkpoints is not null && !Directory.Exists(Checkpoints))
            yield return $"checkpoints: {Checkpoints}: there is no such folder; it is the one that all nodes share, and is not made here";
    }

    /// <summary>What each slot has: of CPUs, GPUs and memory an equal share, in whole numbers. A CPU that slots share is nobody's own.</summary>
    public IReadOnlyList<SlotCapacity> Capacities => [.. Enumerable.Repeat(new SlotCapacity(Cpus / Slots, (Memory ?? 0) / Slots, Gpus.Count / Slots, Labels), Slots)];

    protected override IEnumerable<(string Key, HostPort Address)> Open()
    {
        foreach (var address in base.Open())
            yield return address;
        if (Files is not null)
            yield return ("files", Files);
        if (Metrics is not null)
            yield return ("metrics", Metrics);
    }
}
