using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Actors.Simulation;
using Asha.Core.Experiments;

namespace Asha.Actors.Replay;

/// <summary>Where a recording and what is decided from its facts part.</summary>
/// <param name="Index">The event's place in the recording, from 0; its line is one more.</param>
/// <param name="Recorded">What stands there; <c>null</c>: nothing, the recording has ended.</param>
/// <param name="Decided">What was decided again; <c>null</c>: nothing.</param>
/// <param name="IsAltered">Nothing was decided otherwise, but the line is not as it was written.</param>
public sealed record Difference(int Index, ExperimentEvent? Recorded, ExperimentEvent? Decided, bool IsAltered = false);

/// <summary>What came of deciding a recording again.</summary>
/// <param name="Compared">Events that agree, from the first one on.</param>
/// <param name="State">The experiment after these.</param>
/// <param name="Difference">Where they part; <c>null</c>: nowhere.</param>
public sealed record Redecided(int Compared, ExperimentState State, Difference? Difference);

/// <summary>
/// Decides a recorded run again: the experiment's own actor and its rungs are told the recorded facts, in their order, on a virtual clock, and what they decide is compared with what was recorded, times aside
/// (docs/decisions/015-replay.md). It goes as far as the first difference.
/// </summary>
public sealed class Redecision
{
    private readonly IReadOnlyList<ExperimentEvent> _recorded;
    private readonly RecordedCommands _commands;
    private readonly VirtualSystem _system;
    private readonly Queue<ExperimentEvent> _decided = new();
    private readonly ExperimentState _state = new();
    private IActorRef _experiment = ActorRefs.Nobody;
    private string? _failure;
    private int _at;

    private Redecision(IReadOnlyList<ExperimentEvent> recorded, VirtualSystem system) => (_recorded, _commands, _system) = (recorded, new RecordedCommands(recorded), system);

    /// <summary>Decides the recording again.</summary>
    /// <param name="recorded">Its events; the first one must be <see cref="ExperimentStarted"/>. It may break off.</param>
    /// <exception cref="ArgumentException">It does not begin as a recording does.</exception>
    /// <exception cref="InvalidOperationException">The engine failed on what it was told.</exception>
    public static Redecided Of(IReadOnlyList<ExperimentEvent> recorded)
    {
        if (recorded.Count == 0 || recorded[0] is not ExperimentStarted started)
            throw new ArgumentException("A recording begins with its experiment.", nameof(recorded));
        using var system = new VirtualSystem();
        return new Redecision(recorded, system).Decide(started);
    }

    /// <summary>The same for one of which an event, at <paramref name="altered"/>, is not as it was written: there at the latest they part.</summary>
    public static Redecided Of(IReadOnlyList<ExperimentEvent> recorded, int? altered)
    {
        if (altered is not { } at)
            return Of(recorded);
        if (Of([.. recorded.Take(at + 1)]) is { Difference: not null } parted)
            return parted;
        // Before it; but the first event is what a recording begins with.
        var before = Of([.. recorded.Take(Math.Max(at, 1))]);
        return before with { Compared = at, Difference = new Difference(at, recorded[at], null, IsAltered: true) };
    }

    private Redecided Decide(ExperimentStarted started)
    {
        var watcher = _system.Actors.ActorOf(WorldWatcher.Props(_decided.Enqueue, message => _failure ??= message, also: null), "watcher");
        var setup = new ExperimentSetup(started.Experiment, started.Origin, Weight: 1, Supervisor: ActorRefs.Nobody, Journal: null, watcher, TimeSpan.Zero);
        _experiment = _system.Actors.ActorOf(ExperimentActor.Props(setup), "experiment");
        watcher.Tell(new WatchRun(_experiment, []));
        _system.Clock.Drain();
        for (var before = -1; ; before = _at)
        {
            if (Parting() is { } difference)
                return new Redecided(_at, _state, difference);
            if (_at == _recorded.Count)
                return new Redecided(_at, _state, null);
            if (_at == before || _commands.At(_at, _state) is not { } command)
                return new Redecided(_at, _state, new Difference(_at, _recorded[_at], null));
            Tell(command);
        }
    }

    private void Tell(RecordedCommand command)
    {
        foreach (var slot in command.Recalls)
            _experiment.Tell(new RecallSlot(slot));
        _system.Clock.Drain();
        _system.Clock.JumpTo(_recorded[_at].Time);
        // Its own alarms, too: none of them rings by itself here, however the clock is put forward.
        _experiment.Tell(command.Message);
        _system.Clock.Drain();
        if (_failure is { } failure)
            throw new InvalidOperationException(failure);
    }

    /// <summary>Compares what was decided with what stands in the recording, up to the first difference.</summary>
    private Difference? Parting()
    {
        // What is decided beyond the end of a recording that broke off has nothing to be compared with.
        for (; _at < _recorded.Count; _at++)
        {
            var recorded = _recorded[_at];
            // That messages changed nothing decides nothing; what they were is not recorded.
            if (recorded is not ReportsIgnored)
            {
                if (!_decided.TryDequeue(out var decided))
                    break;
                if (!IsSame(recorded, decided))
                    return new Difference(_at, recorded, decided);
            }
            _state.Apply(recorded);
        }
        return null;
    }

    /// <summary>Times aside: it is decided when the facts are told, and was a moment later.</summary>
    private static bool IsSame(ExperimentEvent recorded, ExperimentEvent decided) => (recorded, decided) switch
    {
        (ExperimentStarted, ExperimentStarted) => true,
        (TrialSampled one, TrialSampled other) => (one.Trial, one.Bracket) == (other.Trial, other.Bracket) && one.Parameters.Means(other.Parameters),
        (NodeUnfit { Forgives: { } one } left, NodeUnfit { Forgives: { } other } right) => one.SequenceEqual(other) && left with { Forgives = null } == right with { Forgives = null, Time = left.Time },
        (SlotJoined one, SlotJoined other) => (one.Slot, one.Node) == (other.Slot, other.Node),
        _ => recorded.Equals(decided with { Time = recorded.Time }),
    };
}
