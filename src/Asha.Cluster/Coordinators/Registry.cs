using Asha.Actors.Messages;
using Asha.Actors.Persistence;
using Asha.Core.Experiments;

namespace Asha.Cluster.Coordinators;

/// <summary>What the registry's journal says: folded from its events, and nothing else.</summary>
internal sealed class Registry
{
    /// <summary>Of so many nodes that were drained last it is known: the others have left long ago.</summary>
    private const int MostDrained = 10_000;

    /// <summary>One experiment.</summary>
    /// <param name="admitted">How it was submitted.</param>
    /// <param name="number">How many are older.</param>
    internal sealed class Entry(RunAdmitted admitted, int number)
    {
        public int Number => number;

        public RunAdmitted Admitted => admitted;

        public string Run => admitted.Run;

        /// <summary>By which engine it was begun, or is gone on with.</summary>
        public RunOrigin Origin { get; set; } = admitted.Origin;

        public RunPhase Phase { get; set; } = RunPhase.Open;

        /// <summary>How often it was opened: submitted, and gone on with after a pause.</summary>
        public int Opening { get; set; } = 1;

        /// <summary>How it is to end, where somebody wants it to; then how it has ended.</summary>
        public string? Outcome { get; set; }

        public string? Reason { get; set; }

        /// <summary>How far it came, where it has ended, for good or to be gone on with.</summary>
        public RunFigures? Figures { get; set; }

        /// <summary>Whether somebody has to be at work on it.</summary>
        public bool IsAwake => Phase is RunPhase.Open or RunPhase.Ending;

        /// <summary>What its host is told.</summary>
        public WakeRun Wake => new(Run, admitted.Spec, Origin, admitted.Weight, admitted.Priority, admitted.MostSlots, Opening: Opening);
    }

    private readonly Dictionary<string, Entry> _byRun = [];
    private readonly Dictionary<string, string> _runOfRequest = [];
    private readonly List<Entry> _entries = [];
    private readonly HashSet<string> _drained = [];
    private readonly Queue<string> _drainedInTurn = [];

    /// <summary>How often a registry has started; 0: never.</summary>
    public long Epoch { get; private set; }

    /// <summary>Slot numbers below this one may have been given.</summary>
    public int Numbers { get; private set; }

    /// <summary>Where the newest one is, as its address.</summary>
    public string Where { get; private set; } = "";

    /// <summary>All experiments, oldest first.</summary>
    public IReadOnlyList<Entry> Entries => _entries;

    /// <summary>Whether this process, a node, is to leave when its jobs are over.</summary>
    public bool IsDrained(string process) => _drained.Contains(process);

    public Entry? Find(string run) => _byRun.GetValueOrDefault(run);

    /// <summary>The run that was made for a request; <c>null</c>: none was.</summary>
    public Entry? OfRequest(string request) => _runOfRequest.TryGetValue(request, out var run) ? _byRun[run] : null;

    /// <summary>A name that no run has: the experiment's, and the time, as a run's folder on one machine.</summary>
    public string NewName(string experiment, DateTimeOffset now)
    {
        var name = $"{experiment}-{now.UtcDateTime:yyyyMMdd-HHmmss}";
        for (var number = 1; ; number++)
        {
            var candidate = number == 1 ? name : $"{name}-{number}";
            if (!_byRun.ContainsKey(candidate))
                return candidate;
        }
    }

    public void Apply(IRegistryEvent happened)
    {
        switch (happened)
        {
            case RegistryBegun begun:
                (Epoch, Where) = (begun.Epoch, begun.Where);
                break;
            case RunAdmitted admitted:
                var entry = new Entry(admitted, _entries.Count);
                _byRun.Add(admitted.Run, entry);
                _runOfRequest[admitted.Request] = admitted.Run;
                _entries.Add(entry);
                break;
            case NodeDrained drained:
                if (_drained.Add(drained.Process))
                    _drainedInTurn.Enqueue(drained.Process);
                if (_drained.Count > MostDrained)
                    _drained.Remove(_drainedInTurn.Dequeue());
                break;
            case NumbersAllowed allowed:
                Numbers = Math.Max(Numbers, allowed.Limit);
                break;
            case RunEndAsked asked:
                (_byRun[asked.Run].Phase, _byRun[asked.Run].Outcome) = (RunPhase.Ending, asked.Outcome);
                break;
            case RunSettled settled:
                var ended = _byRun[settled.Run];
                ended.Phase = FinalOutcome.IsFinal(new ExperimentEnded(TimeSpan.Zero, settled.Outcome, settled.Reason)) ? RunPhase.Over : RunPhase.Paused;
                (ended.Outcome, ended.Reason, ended.Figures) = (settled.Outcome, settled.Reason, settled.Figures);
                break;
            case RunReopened reopened:
                var again = _byRun[reopened.Run];
                (again.Phase, again.Origin, again.Outcome, again.Reason, again.Figures) = (RunPhase.Open, reopened.Origin, null, null, null);
                again.Opening++;
                break;
            default:
                throw new InvalidOperationException($"{happened.GetType().Name} is not known here.");
        }
    }
}
