using Asha.Core.Experiments;

namespace Asha.Torture.Invariants;

/// <summary>The journal is one history: it begins once, its time never falls, numbers follow each other, nothing comes after the end but another engine; and what was durable once is there for ever, as it was.</summary>
public sealed class EventsInOrder : Invariant
{
    private readonly List<ExperimentEvent> _committed = [];
    private TimeSpan _time;
    private bool _hasEnded;
    private int _trials, _brackets = 1;
    private int _compared;

    public override string Name => "the journal is one history";

    public override void Committed(TimeSpan now, IReadOnlyList<ExperimentEvent> events)
    {
        foreach (var happened in events)
        {
            Judge(Follows(happened), $"entry {_committed.Count} at {_time}, {_trials} trials, {(_hasEnded ? "ended" : "running")}: {happened}");
            _time = happened.Time;
            _trials += happened is TrialSampled ? 1 : 0;
            _brackets += happened is BracketOpened ? 1 : 0;
            _hasEnded = happened is ExperimentEnded || (_hasEnded && happened is not ExperimentResumed);
            _committed.Add(happened);
        }
    }

    public override void Crashed(TimeSpan now, IReadOnlyList<ExperimentEvent> durable, ExperimentState live) => Compare(durable);

    public override void Changed(TimeSpan now, IReadOnlyList<ExperimentEvent> durable, ExperimentState live) => Compare(durable);

    public override void Ended(TimeSpan now, IReadOnlyList<ExperimentEvent> durable, ExperimentState live) => Compare(durable);

    private bool Follows(ExperimentEvent happened)
    {
        if (happened is ExperimentStarted != (_committed.Count == 0) || happened.Time < _time || (_hasEnded && happened is not ExperimentResumed))
            return false;
        return happened switch
        {
            TrialSampled sampled => sampled.Trial == _trials && sampled.Bracket >= 0 && sampled.Bracket < _brackets,
            BracketOpened opened => opened.Bracket == _brackets,
            ExperimentResumed resumed => resumed.Time == _time,
            _ => true,
        };
    }

    private void Compare(IReadOnlyList<ExperimentEvent> durable)
    {
        Judge(durable.Count == _committed.Count, $"{_committed.Count} events were durable, and {durable.Count} are in the journal");
        // What was compared before is, entry by entry, the same bytes: a store never changes one.
        for (; _compared < durable.Count; _compared++)
            Judge(Books.SameGraph.Difference(_committed[_compared], durable[_compared]) is null, $"entry {_compared} was {_committed[_compared]}, and is {durable[_compared]}");
    }
}
