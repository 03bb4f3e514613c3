using Asha.Cluster.Logs;
using Asha.Cluster.Security;

namespace Asha.Cluster.Settings;

/// <summary>What coordinators and nodes are told alike: how they find each other, and by what they know each other.</summary>
public abstract record MemberSettings
{
    /// <summary>Where this process is reached by the others: the address that they use, too.</summary>
    public required HostPort Listen { get; init; }

    /// <summary>All coordinators, in the same order everywhere; at least one.</summary>
    public required IReadOnlyList<HostPort> Join { get; init; }

    /// <summary>Full path of the folder for what this process keeps.</summary>
    public required string Data { get; init; }

    /// <summary>By what this process and the others know each other; <c>null</c>: plain text, which is for one machine alone.</summary>
    public TlsFiles? Tls { get; init; }

    /// <summary>Full path of the file with the bearer token that whoever asks at its API or for its metrics shows; <c>null</c>: none is asked for.</summary>
    public string? TokenFile { get; init; }

    /// <summary>Plain text is wanted.</summary>
    public bool Insecure { get; init; }

    /// <summary>What its log is to be.</summary>
    public LogSettings Log { get; init; } = new();

    /// <summary>What it is in the cluster: <see cref="ClusterConfig.Coordinator"/> or <see cref="ClusterConfig.Node"/>.</summary>
    internal abstract string Role { get; }

    /// <summary>What its log calls it.</summary>
    internal abstract string Self { get; }

    /// <summary>Half of all coordinators and one: so many have to be up before anything is.</summary>
    public int Majority => (Join.Count / 2) + 1;

    /// <summary>What is wrong with it, of what each value by itself does not say.</summary>
    public virtual IEnumerable<string> Problems()
    {
        if (Listen.IsAny)
            yield return $"listen: {Listen} is every address of this machine; say the one by which the others reach it";
        if (Tls is null && !Insecure)
            yield return "tls: is missing: what coordinators tell nodes to run must come from a coordinator. Give certificate, key and ca (docs/security.md); or, to try it out on one machine, insecure: true";
        if (Tls is not null && Insecure)
            yield return "insecure: is true, and there is tls, too; leave one of them out";
        if (Tls is not null || !Insecure)
            yield break;
        foreach (var (key, open) in Open().Where(address => !address.Address.IsLoopback))
            yield return $"{key}: {open} can be reached from other machines; with insecure: true only 127.0.0.1, ::1 and localhost can be used";
    }

    /// <summary>Each address that it listens on or speaks to, with its key.</summary>
    protected virtual IEnumerable<(string Key, HostPort Address)> Open() => Join.Where(address => address != Listen).Select(address => ("join", address)).Prepend(("listen", Listen));
}
