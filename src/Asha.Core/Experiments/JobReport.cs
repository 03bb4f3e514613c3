namespace Asha.Core.Experiments;

/// <summary>
/// What a node says of an attempt: reports, and at the last its ending. The message that brings the result also brings the ending, and so the news that the slot is idle.
/// </summary>
/// <param name="Trial">The trial.</param>
/// <param name="Attempt">The attempt: a message of an earlier one is stale.</param>
/// <param name="Message">Numbered from 0 in each attempt, so that a message sent again is counted once.</param>
/// <param name="Reports">In the order of the trial's lines.</param>
/// <param name="Ending">How the attempt ended; <c>null</c> while it goes on.</param>
public sealed record JobReport(int Trial, int Attempt, int Message, IReadOnlyList<TrialReport> Reports, TrialEnding? Ending = null);
