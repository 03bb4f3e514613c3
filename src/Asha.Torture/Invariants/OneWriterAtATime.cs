using Asha.Core.Experiments;

namespace Asha.Torture.Invariants;

/// <summary>Whoever goes on with a run says so with its first entry, and from then on no entry is another's: an engine that only seemed to be lost writes nothing any more.</summary>
public sealed class OneWriterAtATime : Invariant
{
    private readonly HashSet<string> _before = [];
    private string _writer = "";

    public override string Name => "a journal has one writer at a time";

    public override void Written(TimeSpan now, string writer, IReadOnlyList<ExperimentEvent> events)
    {
        if (writer != _writer)
        {
            Judge(!_before.Contains(writer), $"{writer} writes {events[0]}, and {_writer} had followed it");
            Judge(events[0] is ExperimentStarted or ExperimentResumed or ExperimentTakenOver, $"{writer} follows {_writer} with {events[0]}");
            _before.Add(writer);
        }
        _writer = writer;
        Judge(true, () => "");
    }
}
