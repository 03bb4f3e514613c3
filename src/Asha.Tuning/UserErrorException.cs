namespace Asha.Tuning;

/// <summary>A mistake in what the user gave: every problem that was found, each in a line of the message.</summary>
public sealed class UserErrorException : Exception
{
    internal UserErrorException(IReadOnlyList<string> problems, string? advice = null) : base(string.Join('\n', problems)) => (Problems, Advice) = (problems, advice);

    internal UserErrorException(string problem, string? advice = null) : this([problem], advice) { }

    internal UserErrorException(string problem, Exception cause) : base(problem, cause) => Problems = [problem];

    /// <summary>Every problem that was found, each with its place.</summary>
    public IReadOnlyList<string> Problems { get; }

    /// <summary>What to do about it; <c>null</c>: the problems say it.</summary>
    public string? Advice { get; }
}
