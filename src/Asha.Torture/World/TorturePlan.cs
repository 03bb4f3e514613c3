using Asha.Core.Experiments;
using Asha.Core.Randomness;
using Asha.Torture.Faults;

namespace Asha.Torture.World;

/// <summary>What a seed has drawn: the experiment, where it runs, how trials go, and what happens to all of them.</summary>
public sealed record TorturePlan
{
    public required TortureCase Case { get; init; }

    public required ExperimentSpec Spec { get; init; }

    /// <summary>The slots of each node that is there from the beginning.</summary>
    public required IReadOnlyList<int> Nodes { get; init; }

    public required TrialTraits Trials { get; init; }

    public required FaultRates Faults { get; init; }

    /// <summary>When the faults stop.</summary>
    public required TimeSpan Fire { get; init; }

    /// <summary>How often a node sends again.</summary>
    public required TimeSpan Resend { get; init; }

    /// <summary>So long a supervisor waits for the nodes of slots that a run says it has.</summary>
    public TimeSpan NodeGrace => 2 * Resend;

    /// <summary>All draws of this experiment: each of a seed has its own, whatever came of those before it.</summary>
    public required KeyedRandom Random { get; init; }

    public bool Has(Fault kind) => Faults.Kinds.Contains(kind);
}

/// <summary>How the trials of a seed go.</summary>
/// <param name="Unit">How long a unit of resource takes.</param>
/// <param name="Reports">How many reports an attempt makes on its way to a level, about.</param>
/// <param name="Checkpoints">The share of reports with a checkpoint.</param>
/// <param name="Habits">The share of attempts with a bad habit.</param>
/// <param name="Steps">Metrics are rounded to such steps, so that there are ties; 0: they are not.</param>
/// <param name="Grid">Times are rounded to such steps, so that things happen together; 0: they are not.</param>
/// <param name="Stragglers">An attempt may take up to so many times as long, ≥ 1.</param>
public sealed record TrialTraits(TimeSpan Unit, int Reports, double Checkpoints, double Habits, double Steps, TimeSpan Grid, double Stragglers);

/// <summary>Which faults there are, and how many.</summary>
public sealed record FaultRates
{
    public required IReadOnlySet<Fault> Kinds { get; init; }

    /// <summary>The share of messages that are delayed, dropped, duplicated.</summary>
    public required double Delayed { get; init; }

    public required double Dropped { get; init; }

    public required double Duplicated { get; init; }

    public required TimeSpan LongestDelay { get; init; }

    /// <summary>How long a connection is broken at most, and a node frozen.</summary>
    public required TimeSpan LongestBreak { get; init; }

    /// <summary>Between two faults of a node, of a connection, of the coordinator, on average.</summary>
    public TimeSpan BetweenNodes { get; init; }

    public TimeSpan BetweenBreaks { get; init; }

    public TimeSpan BetweenCrashes { get; init; }

    /// <summary>The share of checkpoints that are gone or broken when they are wanted.</summary>
    public required double Checkpoints { get; init; }

    /// <summary>How long the journal takes for anything where nothing is wrong.</summary>
    public required TimeSpan Write { get; init; }

    /// <summary>The share of what is asked of the journal that takes long, and that fails.</summary>
    public required double SlowWrites { get; init; }

    public required double FailedWrites { get; init; }

    /// <summary>How many turns a mailbox may be late.</summary>
    public required int MailboxSpread { get; init; }
}
