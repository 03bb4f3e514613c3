using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Actors;

/// <summary>
/// One machine, from its joining to its end: runs an attempt at a time on each of its slots (<see cref="NodeJobs"/>), and says again what was not answered: to experiments what came of their jobs (<see cref="UnstoredReports"/>), to the supervisor where it stands
/// (<see cref="NodeMembership"/>).
/// </summary>
public sealed class NodeActor : UntypedActor, IWithTimers
{
    private sealed class Resend : INoSerializationVerificationNeeded
    {
        public static readonly Resend Now = new();
    }

    private readonly NodeSetup _setup;
    private readonly NodeMembership _membership;
    private readonly UnstoredReports _reports = new();
    private NodeJobs _jobs = null!;
    private CheckpointReleases _releases = null!;
    private bool _isWaiting, _isClosing;

    public NodeActor(NodeSetup setup, IActorRef supervisor)
    {
        _setup = setup;
        _membership = new NodeMembership(setup, supervisor);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(NodeSetup setup, IActorRef supervisor) => Akka.Actor.Props.Create(() => new NodeActor(setup, supervisor));

    /// <summary>A slot whose actor keeps failing takes its node down: the supervisor sees that, and the jobs go elsewhere.</summary>
    protected override SupervisorStrategy SupervisorStrategy()
        => new RestartWindow(most: 10, TimeSpan.FromMinutes(1), Context.System.Scheduler);

    protected override void PreStart()
    {
        _jobs = new NodeJobs([.. _setup.Slots.Select((resources, slot) => _setup.Slot(Context, slot, resources))]);
        _releases = new CheckpointReleases(_setup.Release, Context);
        _membership.Join();
        WaitForAnswers();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case StartJob when _isClosing:
                break; // Its experiment will see this node go.
            case StartJob { Number: > 0 } start when start.Joining != _membership.Joining:
                break; // What came before it joined again is ended.
            case StartJob start:
                _jobs.Start(Sender, start);
                break;
            case EndJob end:
                if (_jobs.End(Sender, end) is { } never)
                    Report(Sender, never);
                break;
            case AttemptReport attempt:
                Report(attempt.Experiment, attempt.Report);
                break;
            case AttemptGone gone:
                Free(gone.Experiment, gone.Trial, gone.Attempt, gone.Retires);
                break;
            case ReportStored stored:
                _reports.Stored(Sender, stored);
                break;
            case Resend:
                _isWaiting = false;
                _reports.SayAgain();
                _membership.Say();
                break;
            case ReleaseCheckpoints release:
                _releases.Begin(release);
                break;
            case CheckpointReleases.Done done:
                _releases.Take(done);
                break;
            case NodeJoined joined:
                _membership.Answered(joined);
                break;
            case SlotGivenUp known:
                _membership.Answered(known);
                break;
            case JoinAgain when _isClosing:
                break; // It goes.
            case JoinAgain:
                _jobs.EndAll();
                _membership.Join();
                break;
            case DrainNode:
                _membership.Leave();
                break;
            case ShutDownNode:
                Close();
                _jobs.EndAll();
                break;
            case NodeReleased:
                Close();
                break;
            case Terminated gone:
                throw new InvalidOperationException($"{gone.ActorRef.Path.Name} failed too often.");
            default:
                Unhandled(message);
                return;
        }
        WaitForAnswers();
        if (_isClosing && _jobs.IsIdle && _releases.IsIdle)
            Context.Stop(Self);
    }

    private void Report(IActorRef experiment, JobReport report)
    {
        // One that has reached its level, and runs on, may still have to be ended.
        if (report.Ending is { Cause: not EndingCause.LevelReached } ending)
            Free(experiment, report.Trial, report.Attempt, ending.Retires);
        _reports.Say(experiment, report);
    }

    private void Free(IActorRef experiment, int trial, int attempt, string? retires)
    {
        if (_jobs.Free(experiment, trial, attempt) is { } slot && retires is not null)
            _membership.Retire(slot, retires);
    }

    private void Close()
    {
        _isClosing = true;
        _membership.Close();
    }

    /// <summary>For an interval at a time, as long as there is anything to say again.</summary>
    private void WaitForAnswers()
    {
        if (_isWaiting || (_reports.IsEmpty && _membership.IsAnswered))
            return;
        _isWaiting = true;
        Timers.StartSingleTimer(Resend.Now, Resend.Now, _setup.ResendInterval);
    }
}
