using System.Globalization;
using Asha.Core.Experiments;
using Asha.Core.Utilization;
using Xunit.Sdk;

namespace Asha.TestKit;

/// <summary>
/// What a run did so far, and assertions on it: who was promoted, what slots did and why they were idle, how it ended. Times are seconds since the run's start, and compared to the tick of 100 ns; trials, rungs and slots are numbered from 0. An
/// assertion that fails throws xUnit's exception, with what was expected, what was, and a drawing of the slots around that time.
/// </summary>
public abstract partial class RunUnderTest
{
    private readonly List<ExperimentEvent> _events = [];
    private readonly Dictionary<int, string> _nodes = [];

    private protected RunUnderTest()
    {
    }

    /// <summary>Everything that was decided or happened, in order.</summary>
    public IReadOnlyList<ExperimentEvent> Events => _events;

    /// <summary>The promotions, in order.</summary>
    public IEnumerable<TrialPromoted> Promotions => _events.OfType<TrialPromoted>();

    /// <summary>The run as its events tell it: state, utilization, timelines and more.</summary>
    public RunRecord Record { get; } = RunRecord.Whole();

    /// <summary>Whether the experiment has ended.</summary>
    public bool IsOver => Record.State.Ended is not null;

    /// <summary>Seconds since the run's start.</summary>
    public abstract double Now { get; }

    /// <summary>What each slot did so far, one span after the other, by slot.</summary>
    public IReadOnlyList<SlotSpan> Spans => _events.Count == 0 ? [] : [.. Record.Timelines!.Until(Record.State, Seconds.Span(Now)).OrderBy(span => span.Slot).ThenBy(span => span.From)];

    /// <summary>A drawing of the slots, at most 100 columns wide.</summary>
    /// <param name="from">Seconds; left out, from the beginning.</param>
    /// <param name="to">Seconds; left out, until now.</param>
    public string Timeline(double from = 0, double? to = null) => SlotDrawing.Of(Spans, _nodes, Seconds.Span(from), Seconds.Span(to ?? Now), null);

    private protected void Take(ExperimentEvent happened)
    {
        if (happened is SlotJoined joined)
            _nodes[joined.Slot] = joined.Node;
        Record.Apply(happened);
        _events.Add(happened);
    }

    /// <summary>What failed, and a drawing around a time; of the whole run where there is none.</summary>
    private protected XunitException Failed(string what, TimeSpan? at, int? slot = null)
        => new($"{what}\n\n{SlotDrawing.Around(Spans, _nodes, at, Seconds.Span(Now), slot)}");

    /// <summary>Else "no promotion" would hold where nobody can know.</summary>
    private void ThrowIfUnknown()
    {
        if (_events.Count == 0)
            throw new InvalidOperationException("The experiment is played by the test, so that there are no events, and nothing can be asserted of them: expect the probes' messages.");
    }

    private static string Text(double seconds) => seconds.ToString("R", CultureInfo.InvariantCulture);

    private static string Text(TimeSpan span) => Seconds.Text(span);
}
