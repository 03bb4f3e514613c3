using Asha.Core.Experiments;

namespace Asha.Actors.Persistence;

/// <summary>On a node's disk: this report is not known to be in its run's journal.</summary>
/// <param name="Slot">The node's own number of the slot that the attempt had.</param>
/// <param name="Number">Of the attempt's start.</param>
public sealed record KeptReport(string Run, int Slot, long Number, JobReport Report);

/// <summary>On a node's disk: this one is, or nobody will ever want it.</summary>
public sealed record DroppedReport(string Run, int Trial, int Attempt, int Message);
