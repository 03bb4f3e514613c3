using Akka.Actor;
using Asha.Actors.Execution;
using Asha.Core.Experiments;

namespace Asha.Actors;

/// <summary>Node to trial: run this attempt on your slot.</summary>
public sealed record RunAttempt(TrialLaunch Launch) : INoSerializationVerificationNeeded;

/// <summary>Node to trial: end what runs.</summary>
public sealed record EndAttempt(int Trial, int Attempt) : INoSerializationVerificationNeeded;

/// <summary>Trial to node: what happened.</summary>
public sealed record AttemptReport(JobReport Report) : INoSerializationVerificationNeeded;

/// <summary>
/// One slot of a node: runs one attempt at a time and tells the node of each report. The report that brings the result is held back until the trial has
/// ended, so that one message carries the result and the news that the slot is idle.
/// </summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "An actor's resources end in PostStop.")]
public sealed class TrialActor(ITrialRunner runner) : UntypedActor
{
    private sealed record Reported(TrialLaunch Launch, TrialReport Report) : INoSerializationVerificationNeeded;

    private sealed record Ended(TrialLaunch Launch, TrialEnding Ending) : INoSerializationVerificationNeeded;

    private readonly CancellationTokenSource _gone = new();
    private CancellationTokenSource? _stop;
    private TrialLaunch? _launch;
    private TrialReport? _result;
    private int _messages;

    public static Props Props(ITrialRunner runner) => Akka.Actor.Props.Create(() => new TrialActor(runner));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case RunAttempt run when _launch is null:
                Start(run.Launch);
                break;
            case EndAttempt end when _launch is { } launch && launch.Trial == end.Trial && launch.Attempt == end.Attempt:
                _stop!.Cancel();
                break;
            case EndAttempt:
                break; // It ended by itself meanwhile.
            case Reported reported when reported.Launch == _launch:
                Take(reported.Report);
                break;
            case Ended ended when ended.Launch == _launch:
                Tell(_result is { } result ? [result] : [], ended.Ending);
                _launch = null;
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>A restart or a stop of this actor must not leave a trial behind.</summary>
    protected override void PostStop()
    {
        _gone.Cancel();
        _gone.Dispose();
        _stop?.Dispose();
    }

    protected override void PreRestart(Exception reason, object message)
    {
        if (_launch is not null)
            Tell([], new TrialEnding(EndingCause.Crash, $"the engine failed while it ran the trial: {reason.Message}"));
        PostStop();
    }

    private void Start(TrialLaunch launch)
    {
        _stop?.Dispose();
        _stop = CancellationTokenSource.CreateLinkedTokenSource(_gone.Token);
        (_launch, _result, _messages) = (launch, null, 0);
        var self = Self;
        runner.RunAsync(launch, report => self.Tell(new Reported(launch, report)), _stop.Token).PipeTo(
            self,
            success: ending => new Ended(launch, ending),
            failure: error => new Ended(launch, new TrialEnding(EndingCause.StartFailed, error.Message)));
    }

    private void Take(TrialReport report)
    {
        if (_result is not null)
            return; // What comes after the result is ignored.
        if (report.Problem is null && report.Resource >= _launch!.Target && report.Resource > _launch.Start)
            _result = report;
        else
            Tell([report], null);
    }

    private void Tell(IReadOnlyList<TrialReport> reports, TrialEnding? ending)
        => Context.Parent.Tell(new AttemptReport(new JobReport(_launch!.Trial, _launch.Attempt, _messages++, reports, ending)));
}
