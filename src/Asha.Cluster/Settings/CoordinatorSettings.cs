namespace Asha.Cluster.Settings;

/// <summary>What <c>asha serve</c> is told.</summary>
public sealed record CoordinatorSettings : MemberSettings
{
    /// <summary>Where commands reach it.</summary>
    public required HostPort Api { get; init; }

    /// <summary>The connection string of the journal's PostgreSQL database; <c>null</c>: SQLite in <see cref="MemberSettings.Data"/>. It is the environment's to say, never a file's.</summary>
    public string? JournalServer { get; init; }

    internal override string Role => ClusterConfig.Coordinator;

    internal override string Self => Listen.ToString();

    public override IEnumerable<string> Problems()
    {
        foreach (var problem in base.Problems())
            yield return problem;
        if (!Join.Contains(Listen))
            yield return $"join: {Listen}, where this coordinator listens, is not one of {string.Join(", ", Join)}; the list names every coordinator, this one, too";
        if (JournalServer is null && Join.Count > 1)
            yield return $"join: names {Join.Count} coordinators, and the journal would be a file of one machine (SQLite): whoever takes over could not read it. Put it into PostgreSQL: {Actors.AshaActors.JournalVariable}='Host=…;Database=…;Username=…;Password=…'";
        if (Tls is not null && !Api.IsLoopback && TokenFile is null)
            yield return $"token-file: is missing: {Api} can be reached from other machines, and without a token everybody there can have the nodes run anything";
    }

    protected override IEnumerable<(string Key, HostPort Address)> Open() => base.Open().Append(("api", Api));
}
