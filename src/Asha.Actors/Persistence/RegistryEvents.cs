using Asha.Core.Experiments;

namespace Asha.Actors.Persistence;

/// <summary>What the registry of a cluster has in its journal: a manifest each in <see cref="AshaFormat"/>.</summary>
public interface IRegistryEvent;

/// <summary>The registry has started, somewhere: before it does anything else. Whatever says an older epoch than the newest is of one that is over.</summary>
/// <param name="Epoch">Counted from 1.</param>
/// <param name="Where">The coordinator's address, for people.</param>
public sealed record RegistryBegun(long Epoch, DateTimeOffset At, string Where) : IRegistryEvent;

/// <summary>Slots may be given numbers below this one: whoever comes after gives none of them again.</summary>
public sealed record NumbersAllowed(int Limit) : IRegistryEvent;

/// <summary>An experiment was submitted.</summary>
/// <param name="Digest">Of what was asked for, see <see cref="Messages.SubmitExperiment"/>; <c>null</c>: nobody said, or a version wrote this that did not ask.</param>
public sealed record RunAdmitted(string Run, string Request, ExperimentSpec Spec, RunOrigin Origin, int Weight, int Priority = 0, int? MostSlots = null, string? Digest = null) : IRegistryEvent;

/// <summary>Somebody wants it to end.</summary>
public sealed record RunEndAsked(string Run, string Outcome) : IRegistryEvent;

/// <summary>It has ended, for good or to be gone on with.</summary>
/// <param name="Figures">How far it came; <c>null</c>: a version wrote this that did not say.</param>
public sealed record RunSettled(string Run, string Outcome, string Reason, RunFigures? Figures = null) : IRegistryEvent;

/// <summary>It is gone on with.</summary>
public sealed record RunReopened(string Run, RunOrigin Origin) : IRegistryEvent;

/// <summary>A node is to leave when its jobs are over.</summary>
/// <param name="Node">Its name, for people.</param>
/// <param name="Process">The one of that name that is meant: as <see cref="Messages.JoinNode.Process"/> says, or, where an earlier version does not, its link.</param>
public sealed record NodeDrained(string Node, string Process, DateTimeOffset At) : IRegistryEvent;

/// <summary>Where an experiment stands.</summary>
public enum RunPhase
{
    /// <summary>It is tuned, or waits for slots.</summary>
    Open,
    /// <summary>It was told to end, and does.</summary>
    Ending,
    /// <summary>It can be gone on with.</summary>
    Paused,
    /// <summary>It has ended for good.</summary>
    Over,
}
