using Asha.Crashes.Checks;
using Asha.Crashes.Faults;

namespace Asha.Crashes;

/// <summary>A kill, what there was at that moment, and what the engine had said to its user by then.</summary>
internal sealed record KillSight(Kill Kill, Sight Sight, string Said);

/// <summary>All that was seen of one run from outside.</summary>
internal sealed class Testimony
{
    public List<KillSight> Kills { get; } = [];

    /// <summary>What a dead engine had started, and still ran when the next one wrote.</summary>
    public List<Descendant> Orphans { get; } = [];

    /// <summary>What still ran when the run was over.</summary>
    public List<Descendant> LeftAtEnd { get; } = [];

    /// <summary>Engines that ended as they should not.</summary>
    public List<string> Failures { get; } = [];

    /// <summary>Engines that could not begin on a full disk or a locked database, and said so.</summary>
    public int Refusals { get; set; }

    /// <summary>Engines that were killed before the first entry of the journal, so that the run began anew.</summary>
    public int NeverBegan { get; set; }

    /// <summary>The journal, in the end.</summary>
    public IReadOnlyList<Entry> Entries { get; set; } = [];

    /// <summary>The bytes of events.jsonl, in the end.</summary>
    public byte[] Events { get; set; } = [];

    /// <summary>What the trials wrote down.</summary>
    public IReadOnlyList<TrialLine> Lines { get; set; } = [];

    public Hurts Hurts { get; set; } = new();

    /// <summary>What <c>asha replay</c> made of the journal.</summary>
    public (int Code, string Said) Replay { get; set; }
}
