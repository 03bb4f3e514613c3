using Asha.Core.Experiments;

namespace Asha.Host.ExperimentFiles;

/// <summary>Whether the programs of a trial and of its preparation can be found, before a run finds out that they cannot.</summary>
internal static class Programs
{
    /// <param name="trial">The trial, as far as it could be read.</param>
    /// <param name="prepare">The list that its preparation was read from.</param>
    /// <param name="command">The list that its command was read from.</param>
    /// <param name="machine">Where it is looked.</param>
    public static void Check(TrialSpec trial, Field? prepare, Field? command, Machine machine)
    {
        if (!Directory.Exists(trial.Directory))
            return; // That is told already, and everything else would follow from it.
        if (Problem(prepare, trial.Prepare, program => program) is { } unprepared)
            prepare!.First!.Wrong(unprepared);
        if (Problem(command, trial.Command, Placeholders.Fixed) is not { } problem)
            return;
        if (prepare is null)
            command!.First!.Wrong(problem);
        else
            command!.First!.Warn($"{problem}; the preparation has to make it");

        string? Problem(Field? field, IReadOnlyList<string> arguments, Func<string, string?> expand)
            => field?.First is not null && arguments is [{ Length: > 0 } first, ..] && expand(first) is { } program ? machine.ProgramProblem(trial, program) : null;
    }
}
