namespace Asha.Host.ExperimentFiles;

/// <summary>A value given on the command line: <c>--set scheduler.trials=16</c>. It replaces the file's, or is added to it.</summary>
/// <param name="Path">Keys with dots between them; an element of a list as <c>initial[0].hidden</c> or <c>initial.0.hidden</c>.</param>
/// <param name="Value">YAML, in one document.</param>
public sealed record Override(string Path, string Value)
{
    /// <summary>What a problem names instead of the file.</summary>
    internal static string SourceOf(string path) => $"--set {path}";
}
