namespace Asha.Tuning;

/// <summary>A mistake in what the user gave: every problem that was found, each in a line.</summary>
public sealed class UserErrorException(IReadOnlyList<string> problems, string? advice = null) : Exception(string.Join('\n', problems))
{
    public UserErrorException(string problem, string? advice = null) : this([problem], advice) { }

    public IReadOnlyList<string> Problems { get; } = problems;

    /// <summary>What to do about it.</summary>
    public string? Advice { get; } = advice;
}
