namespace Asha.Host.ExperimentFiles;

/// <summary>A value given on the command line: <c>--set scheduler.trials=16</c>. It replaces the file's, or is added to it.</summary>
/// <param name="Path">Keys with dots between them; an element of a list as <c>initial[0].hidden</c> or <c>initial.0.hidden</c>.</param>
/// <param name="Value">YAML, in one document.</param>
/// <param name="Option">The option that it was given with.</param>
public sealed record Override(string Path, string Value, string Option = Override.Set)
{
    internal const string Set = "--set", Over = "--over", With = "--with";

    /// <summary>What a problem names instead of the file.</summary>
    internal Place Place => new($"{Option} {Path}", 0, 0);

    /// <summary>Whether a problem's place says of which key it is.</summary>
    internal static bool Names(string place, string path) => place == $"{Set} {path}" || place == $"{Over} {path}" || place == $"{With} {path}";
}
