using Akka.Actor;
using Asha.Actors.Execution;
using Asha.Core.Experiments;

namespace Asha.Actors;

/// <summary>Node to trial: run this attempt of the experiment's on your slot.</summary>
public sealed record RunAttempt(IActorRef Experiment, TrialLaunch Launch) : INoSerializationVerificationNeeded;

/// <summary>Node to trial: end the attempt.</summary>
public sealed record EndAttempt(IActorRef Experiment, int Trial, int Attempt) : INoSerializationVerificationNeeded;

/// <summary>Trial to node: what happened.</summary>
public sealed record AttemptReport(IActorRef Experiment, JobReport Report) : INoSerializationVerificationNeeded;

/// <summary>
/// One slot of a node: runs one attempt at a time and tells the node of each report. The report that brings the result is held back until the trial has
/// ended, so that one message carries the result and the news that the slot is idle. An attempt that comes before the last one has really ended waits for that: two
/// experiments may follow each other on a slot, and its GPU is for one trial at a time.
/// </summary>
public sealed class TrialActor(ITrialRunner runner) : UntypedActor
{
    private sealed record Reported(Flight Flight, TrialReport Report) : INoSerializationVerificationNeeded;

    private sealed record Ended(Flight Flight, TrialEnding Ending) : INoSerializationVerificationNeeded;

    private readonly List<RunAttempt> _waiting = [];
    private Flight? _running;
    private int _messages;

    /// <summary>Why this slot runs nothing any more, where that is so.</summary>
    private string? _retired;

    public static Props Props(ITrialRunner runner) => Akka.Actor.Props.Create(() => new TrialActor(runner));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case RunAttempt run when _retired is not null:
                Refuse(run);
                break;
            case RunAttempt run when _running is null:
                Start(run);
                break;
            case RunAttempt run:
                _waiting.Add(run);
                break;
            case EndAttempt end:
                End(end);
                break;
            case Reported reported when reported.Flight == _running:
                Tell(_running.Run, _messages++, [reported.Report], null);
                break;
            case Ended ended when ended.Flight == _running:
                Finish(_running, ended.Ending);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>A restart or a stop of this actor must not leave a trial behind.</summary>
    protected override void PostStop() => _running?.Attempt?.Stop();

    protected override void PreRestart(Exception reason, object message)
    {
        if (_running is not null)
            Tell(_running.Run, _messages, [], new TrialEnding(EndingCause.Crash, $"the engine failed while it ran the trial: {reason.Message}"));
        foreach (var waiting in _waiting)
            Self.Tell(waiting);
        PostStop();
    }

    private void Start(RunAttempt run)
    {
        _messages = 0;
        _running = new Flight(run, Self);
        _running.Attempt = runner.Start(run.Launch, _running);
    }

    /// <summary>Ends it, whether it runs or waits; one that has ended by itself meanwhile needs nothing.</summary>
    private void End(EndAttempt end)
    {
        if (_running is not null && Is(_running.Run, end))
        {
            _running.Attempt?.Stop();
        }
        else if (_waiting.Find(waiting => Is(waiting, end)) is { } waiting)
        {
            _waiting.Remove(waiting);
            Tell(waiting, 0, [], new TrialEnding(EndingCause.Stopped));
        }
    }

    private void Finish(Flight flight, TrialEnding ending)
    {
        Tell(flight.Run, _messages, flight.Result is { } result ? [result] : [], ending);
        _running = null;
        _retired = ending.Retires;
        if (_retired is not null)
            RefuseWaiting();
        else if (_waiting.Count > 0)
            StartNext();
    }

    private static bool Is(RunAttempt attempt, EndAttempt end)
        => attempt.Experiment.Equals(end.Experiment) && attempt.Launch.Trial == end.Trial && attempt.Launch.Attempt == end.Attempt;

    /// <summary>Not this attempt's fault: it is made again on another slot.</summary>
    private void Refuse(RunAttempt run) => Tell(run, 0, [], new TrialEnding(EndingCause.SlotRetired, Retires: _retired));

    private void RefuseWaiting()
    {
        _waiting.ForEach(Refuse);
        _waiting.Clear();
    }

    private void StartNext()
    {
        var next = _waiting[0];
        _waiting.RemoveAt(0);
        Start(next);
    }

    private static void Tell(RunAttempt attempt, int message, IReadOnlyList<TrialReport> reports, TrialEnding? ending)
        => Context.Parent.Tell(new AttemptReport(attempt.Experiment, new JobReport(attempt.Launch.Trial, attempt.Launch.Attempt, message, reports, ending)));

    /// <summary>The attempt under way, as its runner sees it: the result waits here for the ending; what comes after it is ignored.</summary>
    private sealed class Flight(RunAttempt run, IActorRef slot) : IAttemptListener
    {
        public RunAttempt Run => run;

        /// <summary>What ends it; <c>null</c> until it is started.</summary>
        public IAttempt? Attempt { get; set; }

        /// <summary>The first report that reached the target. It is there before <see cref="Ended"/> is told, and read after.</summary>
        public TrialReport? Result { get; private set; }

        public void Reported(TrialReport report)
        {
            if (Result is not null)
                return;
            if (report.Problem is null && report.Resource >= run.Launch.Target && report.Resource > run.Launch.Start)
                Result = report;
            else
                slot.Tell(new Reported(this, report));
        }

        public void Ended(TrialEnding ending) => slot.Tell(new Ended(this, ending));
    }
}
