namespace Asha.TestKit;

/// <summary>A scenario that cannot be run; every problem that was found is a line of the message.</summary>
public sealed class InvalidScenarioException : Exception
{
    internal InvalidScenarioException(IReadOnlyList<string> problems)
        : base($"The scenario cannot be run:\n{string.Join('\n', problems.Select(problem => $"- {problem}"))}") => Problems = problems;

    /// <summary>Every problem, each with its place.</summary>
    public IReadOnlyList<string> Problems { get; }
}
