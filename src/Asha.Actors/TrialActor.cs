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
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "An actor's resources end in PostStop.")]
public sealed class TrialActor(ITrialRunner runner) : UntypedActor
{
    private sealed record Reported(RunAttempt Attempt, TrialReport Report) : INoSerializationVerificationNeeded;

    private sealed record Ended(RunAttempt Attempt, TrialEnding Ending) : INoSerializationVerificationNeeded;

    private readonly List<RunAttempt> _waiting = [];
    private CancellationTokenSource? _stop;
    private RunAttempt? _running;
    private TrialReport? _result;
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
            case EndAttempt end when Is(_running, end):
                _stop!.Cancel();
                break;
            case EndAttempt end when _waiting.Find(waiting => Is(waiting, end)) is { } waiting:
                _waiting.Remove(waiting);
                Tell(waiting, 0, [], new TrialEnding(EndingCause.Stopped));
                break;
            case EndAttempt:
                break; // It ended by itself meanwhile.
            case Reported reported when ReferenceEquals(reported.Attempt, _running):
                Take(_running, reported.Report);
                break;
            case Ended ended when ReferenceEquals(ended.Attempt, _running):
                Tell(_running, _messages, _result is { } result ? [result] : [], ended.Ending);
                _running = null;
                _retired = ended.Ending.Retires;
                if (_retired is not null)
                    RefuseWaiting();
                else if (_waiting.Count > 0)
                    StartNext();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>A restart or a stop of this actor must not leave a trial behind.</summary>
    protected override void PostStop()
    {
        _stop?.Cancel();
        _stop?.Dispose();
    }

    protected override void PreRestart(Exception reason, object message)
    {
        if (_running is not null)
            Tell(_running, _messages, [], new TrialEnding(EndingCause.Crash, $"the engine failed while it ran the trial: {reason.Message}"));
        foreach (var waiting in _waiting)
            Self.Tell(waiting);
        PostStop();
    }

    private static bool Is(RunAttempt? attempt, EndAttempt end)
        => attempt is not null && attempt.Experiment.Equals(end.Experiment) && attempt.Launch.Trial == end.Trial && attempt.Launch.Attempt == end.Attempt;

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

    private void Start(RunAttempt run)
    {
        _stop?.Dispose();
        _stop = new CancellationTokenSource();
        (_running, _result, _messages) = (run, null, 0);
        var self = Self;
        runner.RunAsync(run.Launch, report => self.Tell(new Reported(run, report)), _stop.Token).PipeTo(
            self,
            success: ending => new Ended(run, ending),
            failure: error => new Ended(run, new TrialEnding(EndingCause.StartFailed, error.Message)));
    }

    private void Take(RunAttempt attempt, TrialReport report)
    {
        if (_result is not null)
            return; // What comes after the result is ignored.
        if (report.Problem is null && report.Resource >= attempt.Launch.Target && report.Resource > attempt.Launch.Start)
            _result = report;
        else
            Tell(attempt, _messages++, [report], null);
    }

    private static void Tell(RunAttempt attempt, int message, IReadOnlyList<TrialReport> reports, TrialEnding? ending)
        => Context.Parent.Tell(new AttemptReport(attempt.Experiment, new JobReport(attempt.Launch.Trial, attempt.Launch.Attempt, message, reports, ending)));
}
