namespace Asha.Tuning.Trials;

/// <summary>The waits of an in-process trial.</summary>
internal sealed record InProcessOptions
{
    /// <summary>An attempt may last so long; <c>null</c>: for ever.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>An attempt may report and log nothing for so long; <c>null</c>: for ever.</summary>
    public TimeSpan? SilenceLimit { get; init; }

    /// <summary>So long a trial may go on after it was told to end.</summary>
    public TimeSpan CancellationGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>So long a trial may go on after its result, as a process may.</summary>
    public TimeSpan ResultGrace { get; init; } = TimeSpan.FromSeconds(10);
}
