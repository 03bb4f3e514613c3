using Asha.Core.Experiments;

namespace Asha.Host.View;

/// <summary>All that a frame shows.</summary>
/// <param name="Record">The run, at least one event old.</param>
/// <param name="News">Told of the same events.</param>
/// <param name="Now">Since the run's start, not before its last event.</param>
/// <param name="Rest">The estimated time to its end.</param>
/// <param name="Folder">The run's, as the user may type it.</param>
/// <param name="Notice">What else must be said at once, such as that the run is being stopped.</param>
internal sealed record Moment(RunRecord Record, News News, TimeSpan Now, TimeSpan? Rest, string Folder, string? Notice = null)
{
    public ExperimentState State => Record.State;
}
