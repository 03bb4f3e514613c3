using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Actors;

/// <summary>What a node has reported and experiments do not have in their journals yet: it is said again until they do, so that a coordinator that is away loses nothing.</summary>
/// <param name="experiments">Those that it is said to; others are gone.</param>
/// <param name="voice">Says it.</param>
internal sealed class UnstoredReports(NodeExperiments experiments, NodeVoice voice)
{
    private readonly Dictionary<(IActorRef Experiment, int Trial, int Attempt, int Message), NodeReport> _reports = [];

    public bool IsEmpty => _reports.Count == 0;

    public void Say(IActorRef experiment, JobReport report)
    {
        if (!experiments.Knows(experiment))
            return;
        var message = new NodeReport(report);
        _reports[(experiment, report.Trial, report.Attempt, report.Message)] = message;
        voice.Say(experiment, message);
    }

    public void SayAgain()
    {
        foreach (var ((experiment, _, _, _), report) in _reports.OrderBy(entry => entry.Key))
            voice.Say(experiment, report);
    }

    /// <summary>The experiment will never store them.</summary>
    public void Forget(IActorRef experiment)
    {
        foreach (var report in _reports.Keys.Where(report => report.Experiment.Equals(experiment)).ToArray())
            _reports.Remove(report);
    }

    /// <summary>Nobody will ever store them.</summary>
    public void Clear() => _reports.Clear();

    public void Stored(IActorRef experiment, ReportStored stored) => _reports.Remove((experiment, stored.Trial, stored.Attempt, stored.Message));
}
