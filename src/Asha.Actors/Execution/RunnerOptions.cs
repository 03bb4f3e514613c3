namespace Asha.Actors.Execution;

/// <summary>The waits of the trial protocol; other values are for tests.</summary>
public sealed record RunnerOptions
{
    /// <summary>Between SIGTERM and SIGKILL.</summary>
    public TimeSpan KillGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A trial may take so long to exit after its result.</summary>
    public TimeSpan ResultGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// When a trial has exited, something that it started may still be writing its output (<c>exec &gt; &gt;(tee log)</c>): it gets
    /// so long before it is ended. Always on the real clock.
    /// </summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromMilliseconds(250);
}
