namespace Asha.Core.Experiments;

/// <summary>What a node's message is to its experiment.</summary>
public enum MessageStanding
{
    /// <summary>The next one of the attempt under way: it counts.</summary>
    Next,
    /// <summary>It will come again: one before it is still on its way; or its attempt was lost with its node, and may yet be regained.</summary>
    Early,
    /// <summary>It was counted: the answer was lost, or waits for the journal.</summary>
    Duplicate,
    /// <summary>Its attempt had ended without it: cut, or lost with its node.</summary>
    Late,
    /// <summary>Of an attempt before the one under way.</summary>
    Stale,
    /// <summary>Of a trial or an attempt that there never was.</summary>
    Unknown,
}

/// <summary>Messages of nodes that changed nothing, by why. All four are what exactly-once costs, and no fault; many of them say that answers come late.</summary>
/// <param name="Duplicate">Counted before.</param>
/// <param name="Late">After the end of their attempt.</param>
/// <param name="Stale">Of an earlier attempt.</param>
/// <param name="Unknown">Of a trial or an attempt that there never was.</param>
public readonly record struct IgnoredReports(int Duplicate, int Late, int Stale, int Unknown)
{
    public int Total => Duplicate + Late + Stale + Unknown;

    /// <summary>One more that stands so; one that counts, or will, is none.</summary>
    public IgnoredReports With(MessageStanding standing) => standing switch
    {
        MessageStanding.Duplicate => this with { Duplicate = Duplicate + 1 },
        MessageStanding.Late => this with { Late = Late + 1 },
        MessageStanding.Stale => this with { Stale = Stale + 1 },
        MessageStanding.Unknown => this with { Unknown = Unknown + 1 },
        _ => this,
    };

    /// <summary>These and those of an event.</summary>
    public IgnoredReports With(ReportsIgnored happened)
        => new(Duplicate + happened.Duplicate, Late + happened.Late, Stale + happened.Stale, Unknown + happened.Unknown);
}
