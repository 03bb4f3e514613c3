namespace Asha.Core.Experiments;

/// <summary>A bracket: a ladder of rungs, the trials that were sampled for it, and those that wait for a slot. It holds no ranking.</summary>
public sealed class BracketState
{
    internal BracketState(int bracket, IReadOnlyList<double> levels, int firstTrial)
    {
        (Bracket, FirstTrial) = (bracket, firstTrial);
        Rungs = [.. levels.Select((level, rung) => new RungTally(bracket, rung, level))];
    }

    /// <summary>Its number, from 0, in the order in which they were opened.</summary>
    public int Bracket { get; }

    /// <summary>How many trials there were before it.</summary>
    public int FirstTrial { get; }

    /// <summary>Trials that were sampled for it.</summary>
    public int Sampled { get; internal set; }

    /// <summary>Lowest first.</summary>
    public IReadOnlyList<RungTally> Rungs { get; }

    /// <summary>Trials sampled or promoted whose job has not been started, in the order of the decision.</summary>
    public Queue<int> Pending { get; } = new();

    /// <summary>Trials on their way to one of its rungs: jobs running, or waiting for a slot.</summary>
    public int Underway
    {
        get
        {
            var underway = 0;
            for (var rung = 0; rung < Rungs.Count; rung++)
                underway += Rungs[rung].Underway;
            return underway;
        }
    }
}
