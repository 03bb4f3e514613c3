using Akka.Actor;
using Akka.Event;
using Asha.Actors.Messages;
using Asha.Actors.Metrics;
using Asha.Actors.Persistence;

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
        var file = _setup.Reports is { } path ? new ReportFile(path, new AshaFormat((ExtendedActorSystem)Context.System), Context.GetLogger().Warning) : null;
        _reports = new UnstoredReports(_experiments, _voice, file);
        _jobs = new NodeJobs([.. _setup.Slots.Select((resources, slot) => _setup.Slot(Context, slot, resources))], _reports, _membership, _voice, new AttemptLog(Context.GetLogger()), _setup.Metrics is { } metrics ? new RecycleTimes(metrics, _setup.Slots.Count) : null);
        _membership.Running = () => _jobs.Announced;
        _jobs.TakeUp(_reports.TakeUp(_setup.Slots.Count));
        _releases = new CheckpointReleases(_setup.Release, Context);
        _membership.Join();
        _setup.Metrics?.ShowUnstored(_reports.Count);
        WaitForAnswers();
    }

    protected override void PostStop() => _reports.Close();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case StartJob when _isClosing:
                break; // Its experiment will see this node go.
            case StartJob start:
                if (Hears(start.Run, start.Writer))
                    _jobs.Start(Sender, start);
                break;
            case EndJob end:
                if (Hears(end.Run, end.Writer))
                    _jobs.End(Sender, end);
                break;
            case AttemptReport attempt:
                _jobs.Take(attempt);
                break;
            case AttemptGone gone:
                _jobs.Take(gone);
                break;
            case ReportStored stored when _experiments.RunAt(Sender) is { } run:
                _experiments.Heard(run, Sender);
                _reports.Stored(run, stored);
                break;
            case ReportStored:
                break; // Its run has moved: it is said to the experiment where it is now.
            case Resend:
                _isWaiting = false;
                _membership.Ask(_experiments.Gone);
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
            case JoinAgain or JoinNext or AnnounceNode when _isClosing:
                break; // It goes.
            case JoinAgain:
                _experiments.LoseAll();
                _membership.Join();
                _membership.Ask(_experiments.Gone);
                break;
            case RunIsOver over:
                if (_experiments.Forget(over.Run))
                    Forget(over.Run);
                break;
            case RunIsPaused paused when _experiments.IsGone(paused.Run):
                _jobs.End(paused.Run);
                break;
            case RunIsPaused:
                break; // Somebody speaks for it again.
            case JoinNext next:
                _membership.Follow(next.Supervisor);
                break;
            case AnnounceNode announce:
                _membership.Announce(announce, Sender);
                break;
            case NameIsShared shared:
                Context.GetLogger().Warning("Another node has the name {Name} as well, at {Others}: give one of them another name, and start it again", shared.Node, shared.Others);
                break;
            case DrainNode:
                _membership.Leave();
                break;
            // Released, nobody holds a slot of it: what still runs here was given up while it was away, and nobody will have a word for it.
            case ShutDownNode or NodeReleased:
                Close();
                _jobs.EndAll();
                break;
            case Terminated gone when _experiments.RunAt(gone.ActorRef) is { } run:
                _experiments.Lose(run);
                break;
            case Terminated gone:
                throw new InvalidOperationException($"{gone.ActorRef.Path.Name} failed too often.");
            default:
                Unhandled(message);
                return;
        }
        _setup.Metrics?.ShowUnstored(_reports.Count);
        WaitForAnswers();
        if (!_isClosing || !_jobs.IsIdle || !_releases.IsIdle)
            return;
        _setup.EndsInOrder?.Invoke();
        Context.Stop(Self);
    }

    private void Forget(string run)
    {
        _reports.Forget(run);
        _jobs.Forget(run);
    }

    /// <summary>Whether the sender is to be heard. One that has moved gets at once what it has not stored.</summary>
    private bool Hears(string run, int writer)
    {
        if (!_experiments.Hears(run, Sender, writer, out var moved))
            return false;
        if (moved)
            _reports.SayAgain(run);
        return true;
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
