using Asha.Core.Experiments;
using Asha.Tuning;
using Asha.Tuning.Runs;

namespace Asha.Host.Replaying;

/// <summary>A recorded run: its events, from first to last.</summary>
/// <param name="Path">The file that they are in.</param>
/// <param name="Events">The first one is the experiment.</param>
internal sealed record Recording(string Path, IReadOnlyList<ExperimentEvent> Events)
{
    public ExperimentStarted Started => (ExperimentStarted)Events[0];

    public ExperimentSpec Spec => Started.Experiment;

    public string Run => Started.Origin.Run;

    /// <summary>Reads the run of a folder, of a name below <paramref name="runs"/>, or of a file of events.</summary>
    /// <exception cref="UserErrorException">There is none, or it cannot be read.</exception>
    public static Recording Read(string given, string runs)
    {
        var path = File.Exists(given) ? given : null;
        return new Recording(path ?? RunFolder.Open(given, runs).Events, [.. path is null ? RunFolder.Open(given, runs).ReadEvents() : RunFolder.ReadEvents(path)]);
    }
}
