using Asha.Core.Experiments;
using Asha.Torture.Faults;

namespace Asha.Torture.Trials;

/// <summary>Something that an attempt does by itself: it reports, or ends.</summary>
/// <param name="After">Since its beginning.</param>
/// <param name="IsBad">Its bad habit shows in this.</param>
/// <param name="IsSilence">It should do something, and does not.</param>
public readonly record struct Act(TimeSpan After, TrialReport Report, TrialEnding? Ending = null, bool IsBad = false, bool IsSilence = false);

/// <summary>How an attempt goes, if nobody ends it.</summary>
/// <param name="Acts">In order of time; where none of them is an ending it runs for ever.</param>
/// <param name="Habit">Its bad habit; <c>null</c>: it has none.</param>
/// <param name="Stopping">How long it takes to end when it is told to.</param>
/// <param name="Retires">It cannot be ended: if it is told to, or a limit is over, its slot is retired.</param>
public sealed record Script(IReadOnlyList<Act> Acts, Fault? Habit, TimeSpan Stopping, bool Retires);
