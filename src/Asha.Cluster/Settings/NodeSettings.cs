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

    /// <summary>Memory in bytes that its slots share; <c>null</c>: nobody counts it.</summary>
    public long? Memory { get; init; }

    /// <summary>Ids of the GPUs that its slots share.</summary>
    public IReadOnlyList<string> Gpus { get; init; } = [];

    /// <summary>Words that experiments may ask for.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Where others fetch checkpoints and logs; <c>null</c>: <see cref="MemberSettings.Listen"/>'s host and any port.</summary>
    public HostPort? Files { get; init; }

    protected override IEnumerable<(string Key, HostPort Address)> Open() => Files is { } files ? base.Open().Append(("files", files)) : base.Open();
}
