using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Actors;

/// <summary>What a node has reported and experiments do not have in their journals yet: it is said again until they do, wherever they are by then, so that a coordinator that is away loses nothing.</summary>
/// <param name="experiments">Those that it is said to; others are gone.</param>
/// <param name="voice">Says it.</param>
internal sealed class UnstoredReports(NodeExperiments experiments, NodeVoice voice)
{
    private readonly Dictionary<(string Run, int Trial, int Attempt, int Message), NodeReport> _reports = [];

    public bool IsEmpty => _reports.Count == 0;

    /// <summary>Whether anything of the attempt is kept here.</summary>
    public bool Any(string run, int trial, int attempt) => _reports.Keys.Any(report => report.Run == run && (report.Trial, report.Attempt) == (trial, attempt));

    public void Say(string run, JobReport report)
    {
        if (experiments.AddressOf(run) is not { } experiment)
            return;
        var message = new NodeReport(report);
        _reports[(run, report.Trial, report.Attempt, report.Message)] = message;
        voice.Say(experiment, message);
    }

    public void SayAgain()
    {
        foreach (var (key, report) in Ordered(_reports))
            Tell(key.Run, report);
    }

    /// <summary>The experiment is elsewhere now.</summary>
    public void SayAgain(string run)
    {
        foreach (var (_, report) in Ordered(_reports.Where(entry => entry.Key.Run == run)))
            Tell(run, report);
    }

    /// <summary>The experiment will never store them.</summary>
    public void Forget(string run)
    {
        foreach (var report in _reports.Keys.Where(report => report.Run == run).ToArray())
            _reports.Remove(report);
    }

    public void Stored(string run, ReportStored stored) => _reports.Remove((run, stored.Trial, stored.Attempt, stored.Message));

    private void Tell(string run, NodeReport report)
    {
        if (experiments.AddressOf(run) is { } experiment)
            voice.Say(experiment, report);
    }

    private static IEnumerable<KeyValuePair<(string Run, int Trial, int Attempt, int Message), NodeReport>> Ordered(IEnumerable<KeyValuePair<(string Run, int Trial, int Attempt, int Message), NodeReport>> reports)
        => reports.OrderBy(entry => entry.Key.Run, StringComparer.Ordinal).ThenBy(entry => (entry.Key.Trial, entry.Key.Attempt, entry.Key.Message));
}
