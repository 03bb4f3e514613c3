using Akka.Actor;
using Asha.Actors.Messages;

namespace Asha.Actors;

/// <summary>
/// One machine, from its joining to its end: runs an attempt at a time on each of its slots (<see cref="NodeJobs"/>), and says again what was not answered: to experiments what came of their jobs (<see cref="UnstoredReports"/>), to the supervisor where it stands
/// (<see cref="NodeMembership"/>). An experiment that is gone for good (<see cref="NodeExperiments"/>) is told nothing more, and nothing runs for it.
/// </summary>
public sealed class NodeActor : UntypedActor, IWithTimers
{
    private sealed class Resend : INoSerializationVerificationNeeded
    {
        public static readonly Resend Now = new();
    }

    private readonly NodeSetup _setup;
    private readonly NodeVoice _voice;
    private readonly NodeMembership _membership;
    private NodeExperiments _experiments = null!;
    private UnstoredReports _reports = null!;
    private NodeJobs _jobs = null!;
    private CheckpointReleases _releases = null!;
    private bool _isWaiting, _isClosing;

    public NodeActor(NodeSetup setup, IActorRef supervisor)
    {
        _setup = setup;
        _voice = new NodeVoice(setup.Uplink);
        _membership = new NodeMembership(setup, supervisor, _voice);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(NodeSetup setup, IActorRef supervisor) => Akka.Actor.Props.Create(() => new NodeActor(setup, supervisor));

    /// <summary>A slot whose actor keeps failing takes its node down: the supervisor sees that, and the jobs go elsewhere.</summary>
    protected override SupervisorStrategy SupervisorStrategy()
        => new RestartWindow(most: 10, TimeSpan.FromMinutes(1), Context.System.Scheduler);

    protected override void PreStart()
    {
        _experiments = new NodeExperiments(Context);
        _reports = new UnstoredReports(_experiments, _voice);
        _jobs = new NodeJobs([.. _setup.Slots.Select((resources, slot) => _setup.Slot(Context, slot, resources))], _reports, _membership, _voice);
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
                _experiments.Heard(Sender);
                _jobs.Start(Sender, start);
                break;
            case EndJob end:
                _experiments.Heard(Sender);
                _jobs.End(Sender, end);
                break;
            case AttemptReport attempt:
                _jobs.Take(attempt);
                break;
            case AttemptGone gone:
                _jobs.Take(gone);
                break;
            case ReportStored stored:
                _experiments.Heard(Sender);
                _reports.Stored(Sender, stored);
                break;
            case Resend:
                _isWaiting = false;
                ForgetExperiments();
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
                _membership.Answered(known, Sender);
                break;
            case JoinAgain or JoinNext when _isClosing:
                break; // It goes.
            case JoinAgain:
                _jobs.EndAll();
                _membership.Join();
                break;
            case JoinNext next:
                // What it had to say to the coordinator before, and to its experiments, nobody takes any more.
                _reports.Clear();
                _jobs.EndUnheard();
                _membership.Follow(next.Supervisor);
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
            case Terminated gone when _experiments.Knows(gone.ActorRef):
                _experiments.Gone(gone.ActorRef);
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

    private void ForgetExperiments()
    {
        foreach (var experiment in _experiments.Forget())
        {
            _reports.Forget(experiment);
            _jobs.Forget(experiment);
        }
    }

    private void Close()
    {
        _isClosing = true;
        _membership.Close();
    }

    /// <summary>For an interval at a time, as long as there is anything to say again.</summary>
    private void WaitForAnswers()
    {
        if (_isWaiting || (_reports.IsEmpty && _membership.IsAnswered && !_experiments.AnyGone))
            return;
        _isWaiting = true;
        Timers.StartSingleTimer(Resend.Now, Resend.Now, _setup.ResendInterval);
    }
}
