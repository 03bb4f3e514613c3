namespace Asha.Host.ExperimentFiles;

/// <summary>One mistake of the user's.</summary>
/// <param name="File">The file, or <c>--set path</c> (<c>--over path</c>) for what an override brought in.</param>
/// <param name="Line">From 1; 0 where there is no line to name.</param>
/// <param name="Column">From 1; 0 where there is no line to name.</param>
/// <param name="Path">The key, such as <c>scheduler.reduction-factor</c>; empty for the file as a whole.</param>
/// <param name="Message">What is wrong with it, without a full stop.</param>
public sealed record FileProblem(string File, int Line, int Column, string Path, string Message)
{
    /// <summary>As compilers write it: <c>digits.yaml:4:11: scheduler.reduction-factor: must be at least 2, but is 1</c>.</summary>
    public override string ToString()
    {
        var place = Line > 0 ? $"{File}:{Line}:{Column}" : File;
        return Path.Length == 0 || Override.Names(place, Path) ? $"{place}: {Message}" : $"{place}: {Path}: {Message}";
    }
}
