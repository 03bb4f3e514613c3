namespace Asha.Tuning;

/// <summary>A slot that was given up during the run, together with a trial that ignored its cancellation.</summary>
/// <param name="Slot">Its number, from 0.</param>
/// <param name="After">When, since the start.</param>
/// <param name="Reason">In words, with the trial's number.</param>
public sealed record RetiredSlot(int Slot, TimeSpan After, string Reason);
