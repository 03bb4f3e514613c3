using Akka.Actor;
using Asha.Actors.Execution;
using Asha.Core.Experiments;

namespace Asha.Actors;

/// <summary>Node to trial: run this attempt of the run's on your slot.</summary>
/// <param name="Level">The resource of its result; less than the launch's target where the trial is to run through.</param>
/// <param name="GoesOn">The trial that runs there already goes on; nothing is started.</param>
public sealed record RunAttempt(string RunName, TrialLaunch Launch, double Level, bool GoesOn = false) : INoSerializationVerificationNeeded
{
    /// <summary>Whether levels are left above this one.</summary>
    public bool RunsThrough => Level < Launch.Target;
}

/// <summary>Node to trial: end the attempt.</summary>
public sealed record EndAttempt(string RunName, int Trial, int Attempt) : INoSerializationVerificationNeeded;

/// <summary>Trial to node: what happened.</summary>
public sealed record AttemptReport(string RunName, JobReport Report) : INoSerializationVerificationNeeded;

/// <summary>Trial to node: the trial that had reached its level with this attempt, and ran on, is gone.</summary>
public sealed record AttemptGone(string RunName, int Trial, int Attempt, string? Retires) : INoSerializationVerificationNeeded;

/// <summary>
/// One slot of a node: runs one attempt at a time and tells the node of each report. The report that brings the result is held back until the trial has
/// ended, so that one message carries the result and the news that the slot is idle. An attempt that comes before the last one has really ended waits for that: two
/// experiments may follow each other on a slot, and its GPU is for one trial at a time.
/// </summary>
public sealed class TrialActor(ITrialRunner runner) : UntypedActor
{
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
            case RunAttempt { GoesOn: true } run:
                GoOn(run);
                break;
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
            case FlightReported reported when reported.Flight == _running:
                Take(_running, reported.Report);
                break;
            case FlightEnded ended when ended.Flight == _running:
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
        if (_running is { Pause: null } flight)
            Tell(flight.Run, _messages, [], new TrialEnding(EndingCause.Crash, $"the engine failed while it ran the trial: {reason.Message}"));
        else if (_running is { } paused)
            TellGone(paused, retires: null);
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

    private void Take(Flight flight, TrialReport report)
    {
        if (flight.Pause is { } pause)
        {
            pause.Reports.Enqueue(report);
        }
        else if (!flight.Reaches(report))
        {
            Tell(flight.Run, _messages++, [report], null);
        }
        else if (flight.Run.RunsThrough)
        {
            Tell(flight.Run, _messages, [report], new TrialEnding(EndingCause.LevelReached));
            flight.Pause = new Pause(report);
        }
        else
        {
            flight.Result ??= report;
        }
    }

    /// <summary>The trial goes on: what it reported since it reached its level, and how it ended, counts for this attempt; so does the report that reached it, if it went beyond this one's level, too.</summary>
    private void GoOn(RunAttempt run)
    {
        if (_running is not { Pause: { IsOver: false } pause } flight || flight.Run.Launch.Trial != run.Launch.Trial || flight.Run.RunName != run.RunName)
        {
            Tell(run, 0, [], new TrialEnding(EndingCause.Crash, "what the trial ran in is gone"));
            return;
        }
        _messages = 0;
        (flight.Run, flight.Pause) = (run, null);
        if (pause.Reached.Resource >= run.Level)
            Take(flight, pause.Reached);
        foreach (var report in pause.Reports)
            Take(flight, report);
        if (pause.Ending is { } ending)
            Finish(flight, ending);
    }

    /// <summary>Ends it, whether it runs or waits; one that has ended by itself meanwhile needs nothing.</summary>
    private void End(EndAttempt end)
    {
        if (_running is not null && Is(_running.Run, end))
        {
            if (_running.Pause is { } pause)
                pause.IsOver = true;
            if (_running.Pause?.Ending is { } ending)
                Finish(_running, ending);
            else
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
        if (flight.Pause is { IsOver: false } pause)
        {
            pause.Ending = ending;
            return;
        }
        if (flight.Pause is null)
            Tell(flight.Run, _messages, flight.Result is { } result ? [result] : [], ending);
        else
            TellGone(flight, ending.Retires);
        _running = null;
        _retired = ending.Retires;
        if (_retired is not null)
            RefuseWaiting();
        else if (_waiting.Count > 0)
            StartNext();
    }

    private static void TellGone(Flight flight, string? retires)
        => Context.Parent.Tell(new AttemptGone(flight.Run.RunName, flight.Run.Launch.Trial, flight.Run.Launch.Attempt, retires));

    private static bool Is(RunAttempt attempt, EndAttempt end)
        => attempt.RunName == end.RunName && attempt.Launch.Trial == end.Trial && attempt.Launch.Attempt == end.Attempt;

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
        => Context.Parent.Tell(new AttemptReport(attempt.RunName, new JobReport(attempt.Launch.Trial, attempt.Launch.Attempt, message, reports, ending)));
}
