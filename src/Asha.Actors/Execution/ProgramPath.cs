using Asha.Core.Experiments;

namespace Asha.Actors.Execution;

/// <summary>
/// Finds the program of a command before it is started. The exec itself happens inside setsid, whose exit code for "no such
/// program" a program may have too.
/// </summary>
public static class ProgramPath
{
    private const string UsualFolders = "/usr/local/bin:/usr/bin:/bin";

    /// <summary>Why this program of an experiment's trials, or of their preparation, could not be started where and with the PATH that it would have; <c>null</c>: it is there.</summary>
    public static string? Problem(TrialSpec spec, string program)
        => Find(program, spec.Directory, TrialContext.Inherited(spec).GetValueOrDefault("PATH"), out var problem) is null ? problem : null;

    /// <summary>The full path, links not followed: Python finds its virtual environment by it.</summary>
    /// <param name="program">With a slash: relative to <paramref name="directory"/>; otherwise looked for on the PATH.</param>
    /// <param name="directory">Where the program will run.</param>
    /// <param name="searchPath">The PATH that the program will have.</param>
    /// <param name="problem">Why there is none.</param>
    internal static string? Find(string program, string directory, string? searchPath, out string problem)
    {
        problem = "";
        if (program.Contains('/'))
        {
            var full = Path.Combine(directory, program);
            problem = Directory.Exists(full) ? $"'{program}' is a folder"
                : !File.Exists(full) ? $"'{program}' does not exist"
                : !Libc.IsExecutable(full) ? $"'{program}' is not executable" : "";
            return problem == "" ? full : null;
        }
        foreach (var folder in (searchPath ?? UsualFolders).Split(':'))
        {
            // An empty element means the current folder, as everywhere on Unix.
            var full = Path.Combine(directory, folder, program);
            if (program != "" && File.Exists(full) && Libc.IsExecutable(full))
                return full;
        }
        problem = program == "" ? "the program's name is empty" : $"there is no program '{program}' on the PATH";
        return null;
    }

    internal static string? FindOwn(string program)
        => Find(program, "/", Environment.GetEnvironmentVariable("PATH"), out _) ?? Find(program, "/", UsualFolders, out _);
}
