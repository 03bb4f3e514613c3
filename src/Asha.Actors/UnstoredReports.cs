using Asha.Actors.Messages;
using Asha.Actors.Persistence;
using Asha.Core.Experiments;

namespace Asha.Actors;

/// <summary>
/// What a node has reported and experiments do not have in their journals yet: it is said again until they do, wherever they are by then, so that a coordinator that is away loses nothing; and kept on the disk, for the node's next process.
/// No more than <see cref="AtATime"/> of it are said again at a time, those first that were said longest ago: whoever is behind with thousands, as after a takeover, gets no further behind by hearing all of them again every few seconds.
/// </summary>
/// <param name="experiments">Those that it is said to; others are gone.</param>
/// <param name="voice">Says it.</param>
/// <param name="file">Keeps it; <c>null</c>: this process alone does.</param>
internal sealed class UnstoredReports(NodeExperiments experiments, NodeVoice voice, ReportFile? file = null)
{
    /// <summary>So many are said again at a time. An experiment that has moved is told all, once.</summary>
    public const int AtATime = 100;

    /// <param name="Report">What is said.</param>
    /// <param name="Said">The number, among all that were said, of when it was last.</param>
    private readonly record struct Unstored(NodeReport Report, long Said);

    private readonly Dictionary<(string Run, int Trial, int Attempt, int Message), Unstored> _reports = [];

    private long _said;

    /// <summary>Those of them that are on the disk.</summary>
    private readonly Dictionary<(string Run, int Trial, int Attempt, int Message), KeptReport> _kept = [];

    public int Count => _reports.Count;

    public bool IsEmpty => _reports.Count == 0;

    /// <summary>
    /// Takes up what the process before has left of attempts that were over, by themselves: if their run has not given them away, they count. What the others have reported is of no use, as they ended with their process, and somebody else makes them anew.
    /// </summary>
    /// <param name="slots">So many slots there are now.</param>
    /// <returns>The last report of each.</returns>
    public IReadOnlyList<KeptReport> TakeUp(int slots)
    {
        if (file is null)
            return [];
        var ended = new List<KeptReport>();
        foreach (var attempt in file.Read().GroupBy(kept => (kept.Run, kept.Report.Trial, kept.Report.Attempt)))
        {
            if (attempt.FirstOrDefault(kept => kept.Report.Ending is { Cause: not (EndingCause.LevelReached or EndingCause.Stopped) } && kept.Slot >= 0 && kept.Slot < slots) is not { } last)
                continue;
            ended.Add(last);
            experiments.Await(attempt.Key.Run);
            foreach (var kept in attempt)
            {
                var key = KeyOf(kept.Run, kept.Report);
                (_kept[key], _reports[key]) = (kept, new Unstored(new NodeReport(kept.Report), ++_said));
            }
        }
        file.Rewrite(_kept.Values);
        return ended;
    }

    /// <summary>Whether anything of the attempt is kept here.</summary>
    public bool Any(string run, int trial, int attempt) => _reports.Keys.Any(report => report.Run == run && (report.Trial, report.Attempt) == (trial, attempt));

    /// <param name="run">Whose it is.</param>
    /// <param name="report">What is said.</param>
    /// <param name="slot">The node's own number of the slot that the attempt had; -1: it had none.</param>
    /// <param name="number">Of its start; 0: no message gets lost, and nothing is kept on the disk.</param>
    public void Say(string run, JobReport report, int slot = -1, long number = 0)
    {
        if (experiments.AddressOf(run) is not { } experiment)
            return;
        var (key, message) = (KeyOf(run, report), new NodeReport(report));
        _reports[key] = new Unstored(message, ++_said);
        if (file is not null && slot >= 0 && number > 0)
        {
            var kept = _kept[key] = new KeptReport(run, slot, number, report);
            file.Keep(kept, _kept.Values);
        }
        voice.Say(experiment, message);
    }

    public void SayAgain()
    {
        SayAgain(_reports.Where(entry => experiments.AddressOf(entry.Key.Run) is not null).OrderBy(entry => entry.Value.Said).Take(AtATime));
    }

    /// <summary>The experiment is elsewhere now.</summary>
    public void SayAgain(string run)
    {
        SayAgain(_reports.Where(entry => entry.Key.Run == run));
    }

    private void SayAgain(IEnumerable<KeyValuePair<(string Run, int Trial, int Attempt, int Message), Unstored>> reports)
    {
        foreach (var (key, (report, _)) in Ordered(reports))
        {
            if (experiments.AddressOf(key.Run) is not { } experiment)
                continue;
            _reports[key] = new Unstored(report, ++_said);
            voice.Say(experiment, report);
        }
    }

    /// <summary>The experiment will never store them.</summary>
    public void Forget(string run)
    {
        foreach (var report in _reports.Keys.Where(report => report.Run == run).ToArray())
            Drop(report);
    }

    public void Stored(string run, ReportStored stored) => Drop((run, stored.Trial, stored.Attempt, stored.Message));

    /// <summary>The node is gone, or begins anew.</summary>
    public void Close() => file?.Dispose();

    private void Drop((string Run, int Trial, int Attempt, int Message) report)
    {
        _reports.Remove(report);
        if (_kept.Remove(report))
            file!.Drop(new DroppedReport(report.Run, report.Trial, report.Attempt, report.Message), _kept.Values);
    }

    private static (string, int, int, int) KeyOf(string run, JobReport report) => (run, report.Trial, report.Attempt, report.Message);

    private static IEnumerable<KeyValuePair<(string Run, int Trial, int Attempt, int Message), Unstored>> Ordered(IEnumerable<KeyValuePair<(string Run, int Trial, int Attempt, int Message), Unstored>> reports)
        => reports.OrderBy(entry => entry.Key.Run, StringComparer.Ordinal).ThenBy(entry => (entry.Key.Trial, entry.Key.Attempt, entry.Key.Message));
}
