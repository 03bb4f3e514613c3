namespace Asha.Crashes;

/// <summary>What was asked for on the command line.</summary>
/// <param name="Asha">asha.dll.</param>
/// <param name="Kills">So many kills of an engine.</param>
/// <param name="Most">So many of them in one run at most.</param>
/// <param name="Trials">Of each run.</param>
/// <param name="Work">Where everything is, below a folder of its own.</param>
/// <param name="SmallDisk">Some runs are on a tmpfs.</param>
internal sealed record Setup(string Asha, int Kills, int Most, int Seed, int Trials, string Work, bool SmallDisk);

/// <summary>A kill of an engine.</summary>
/// <param name="Round">In which run, from 1.</param>
/// <param name="Engine">Which of its engines, from 1.</param>
/// <param name="Aim">How the instant was chosen.</param>
/// <param name="Entry">The last entry of the journal.</param>
/// <param name="Line">The last line in it.</param>
/// <param name="WithTrials">All that it had started was killed in the same moment; otherwise that lives on, until somebody ends it.</param>
internal sealed record Kill(int Round, int Engine, Aim Aim, Phase Phase, int Entry, int Line, bool IsLocked, bool IsFull, bool WithTrials);

/// <summary>How the instant of a kill is chosen.</summary>
internal enum Aim
{
    /// <summary>Any, from the process's start on.</summary>
    FromStart,

    /// <summary>Any, from when it writes on.</summary>
    Running,

    /// <summary>From a random instant on the engine is stopped, looked at, and let go on, until a report is on its way.</summary>
    Report,

    /// <summary>While somebody else holds the database.</summary>
    Locked,
}
