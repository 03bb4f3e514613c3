using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Actors.Persistence;
using Asha.Core.Experiments;

namespace Asha.Actors;

/// <summary>
/// One experiment: takes commands from a plain queue, one at a time, asks its rungs, and gives each slot its next job. It is the only writer of the journal, and lets
/// out a job or an acknowledgement only when what it rests on is written. All decisions are Core's; this is their order.
/// </summary>
public sealed class ExperimentActor : UntypedActor, IWithTimers
{
    /// <summary>Of commands that wait already, so many share a commit at most: enough that a saturated engine writes few batches, few enough that none waits for long.</summary>
    private const int CommandsInCommit = 32;

    private readonly ExperimentSetup _setup;
    private readonly Queue<(object Message, IActorRef Sender, TimeSpan Arrived)> _commands = new();
    private Experiment? _experiment;
    private RungDesk _rungs = null!;
    private ExperimentClock _clock = null!;
    private Outbox _outbox = null!;
    private JournalLink _journal = null!;
    private CheckpointKeeper _checkpoints = null!;
    private Unanswered _unanswered = null!;
    private JobDesk _jobs = null!;
    private bool _isAskedToEnd;
    private int _uncommitted;
    private TimeSpan _command;

    public ExperimentActor(ExperimentSetup setup) => _setup = setup;

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>What it decides with; <c>null</c> while its journal is being read.</summary>
    internal Experiment? Experiment => _experiment;

    /// <summary>Whether all that it has decided is in its journal.</summary>
    internal bool IsWritten => _outbox.IsEmpty;

    private ExperimentState State => _experiment!.State;

    public static Props Props(ExperimentSetup setup) => Akka.Actor.Props.Create(() => new ExperimentActor(setup));

    /// <summary>A rung or the journal that fails has lost what it knew: nobody may go on as if it had not, so the experiment fails with it.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(maxNrOfRetries: 0, withinTimeMilliseconds: -1, error =>
    {
        _setup.Watcher.Tell(new EngineFailed(error.GetBaseException().Message));
        return Directive.Escalate;
    });

    protected override void PreStart()
    {
        _clock = new ExperimentClock(Timers, Context.System.Scheduler);
        _outbox = new Outbox(_setup.Journal is not null, _setup.Watcher, Self);
        _journal = new JournalLink(_setup, Context, Timers, _outbox, () => _isAskedToEnd);
        _journal.Open(new JournalOpening(Tells: _setup.Resumes));
        if (!_setup.Resumes)
            Start(new Experiment(_setup.Spec, _setup.Origin));
    }

    /// <summary>The journal has been read.</summary>
    private void Recover(JournalOpened journal)
    {
        if (journal.Events.Count == 0)
        {
            Start(new Experiment(_setup.Spec, _setup.Origin));
            return;
        }
        _setup.Watcher.Tell(new EventsRecovered(journal.Events));
        var experiment = new Experiment(journal.Events);
        if (experiment.State.Ended is { } ended && FinalOutcome.IsFinal(ended))
        {
            // The one before had come to the end; only its last word was missing.
            Context.Stop(Self);
            return;
        }
        Start(experiment);
        // Before whatever came while the journal was read.
        (object, IActorRef, TimeSpan)[] waiting = [.. _commands];
        _commands.Clear();
        Enqueue(new ResumeExperiment(_setup.Origin));
        foreach (var command in waiting)
            _commands.Enqueue(command);
    }

    private void Start(Experiment experiment)
    {
        _experiment = experiment;
        _rungs = new RungDesk(State.Spec.Scheduler, Context, _setup.Rung);
        if (State.Trials.Count == 0)
            _rungs.Open(State.Brackets[0], 0);
        else
            _rungs.Restore(State);
        _checkpoints = new CheckpointKeeper(State, _outbox, _setup.IsClustered ? _setup.Origin.Run : null);
        _unanswered = new Unanswered(_outbox, _setup.ResendInterval, Timers);
        _jobs = new JobDesk(_setup, experiment, _rungs, _outbox, _unanswered, _checkpoints, Decided);
        if (_setup.TimeZero is { } zero)
            _clock.Begin(zero, State.Spec.Stop.After);
        _setup.Supervisor.Tell(new OpenExperiment(_setup.Origin.Run, _setup.Weight));
        Commit();
    }

    protected override void OnReceive(object message)
    {
        if (message is RungStanding standing)
            Take(standing);
        else if (!_journal.Take(message, Recover))
            Enqueue(message);
        if (_experiment is null)
            return; // The journal is being read, or there is nothing to go on with.
        while (!_rungs.IsAsked && _commands.TryDequeue(out var command))
        {
            if (++_uncommitted > CommandsInCommit)
                Commit();
            Handle(command.Message, command.Sender, command.Arrived > State.Time ? command.Arrived : State.Time);
        }
        if (!_rungs.IsAsked)
            Commit();
    }

    private void Enqueue(object message)
    {
        _isAskedToEnd |= message is StopExperiment;
        if (_clock.Elapsed is null && message is GrantSlots)
            _clock.GoOn(State.Time, State.Spec.Stop.After);
        _commands.Enqueue((message, Sender, Elapsed()));
    }

    private void Handle(object message, IActorRef sender, TimeSpan now)
    {
        _command = now;
        switch (message)
        {
            case NodeReport report:
                Take(report.Report, sender, now);
                break;
            case ResumeExperiment resume:
                _jobs.Resume(now, resume.Origin);
                break;
            case GrantSlots granted when State.Ended is null:
                if (_checkpoints.IsHomeless)
                    _checkpoints.Adopt(granted.Slots[0].Address);
                _jobs.Take(now, granted.Slots);
                break;
            case AttemptOver over when State.Ended is null:
                _experiment!.Await(now, over.Trial, over.Attempt);
                break;
            case SlotsUnreachable unreachable when State.Ended is null:
                _jobs.Doubt(now, unreachable.Slots);
                break;
            case SlotsLost lost when State.Ended is null:
                _jobs.Lose(now, lost.Slots);
                break;
            case SlotRetired retired when State.Ended is null:
                _jobs.Retire(now, retired);
                break;
            case JobTaken taken:
                _unanswered.Taken(taken.Trial, taken.Attempt);
                return;
            case JobGone gone:
                _unanswered.Over(gone.Trial, gone.Attempt);
                return;
            case ResendJobs:
                _unanswered.TellAgain(Self);
                return;
            case RecallSlot recall:
                _jobs.Recall(recall.Slot);
                break;
            case StopExperiment stop when State.Ended is null:
                Stop(now, stop);
                break;
            case TimeIsUp:
                break; // The stop rule below sees the time.
            case RetryIsDue when State.Ended is null:
                _clock.RetryAlarmRang();
                _experiment!.ReleaseRetries(now);
                break;
            case GrantSlots or AttemptOver or SlotsUnreachable or SlotsLost or SlotRetired or StopExperiment or RetryIsDue:
                return; // The experiment has ended.
            default:
                Unhandled(message);
                return;
        }
        if (State.Ended is null && StopRule.Check(State, now, alarm: message is TimeIsUp) is { } reason)
            _jobs.End(now, "stopped", reason);
        _jobs.Serve();
        if (State.Ended is null)
            _clock.SetRetryAlarm(State.Retries.Earliest);
    }

    private void Take(JobReport report, IActorRef node, TimeSpan now)
    {
        var standing = _experiment!.StandingOf(report);
        if (standing == MessageStanding.Early)
            return; // One before it is still on its way; unacknowledged, both will come again.
        var runsOn = report.Ending is null or { Cause: EndingCause.LevelReached };
        if (runsOn)
            _unanswered.Taken(report.Trial, report.Attempt);
        else
            _unanswered.Over(report.Trial, report.Attempt);
        // Its node did not answer, and it was given up; but it runs on, and holds its slot until it is told.
        if (runsOn && standing is MessageStanding.Late or MessageStanding.Stale or MessageStanding.Unknown)
            _outbox.Send(node, new EndJob(report.Trial, report.Attempt));
        var ranked = State.Ended is null ? _experiment.Receive(now, report) : null;
        _outbox.Send(node, new ReportStored(report.Trial, report.Attempt, report.Message));
        if (ranked is not null || report.Ending?.Retires is not null)
            _jobs.Ended(report, node);
        if (ranked is null)
        {
            _checkpoints.Reported(report, node);
            return;
        }
        _checkpoints.Ended(ranked, node);
        _rungs.Ask(ranked.Bracket, ranked.Rung, new RankResult(ranked.Trial, State.Spec.Metric.Turned(ranked.Results[^1].Metric), State.Population(ranked.Bracket, ranked.Rung)));
    }

    private void Take(RungStanding standing)
    {
        var isRestored = _rungs.IsRestoring;
        _rungs.Answered(standing);
        if (isRestored)
            _checkpoints.Restored(standing.Released);
        else
            Continue(standing);
    }

    private void Continue(RungStanding standing)
    {
        _checkpoints.Release(standing.Released);
        if (State.Ended is null)
            _checkpoints.Release(_experiment!.KeepBudget(Decided()));
        if (standing.Promoted is { } promoted)
            _experiment!.Promoted(Decided(), standing.Rung, promoted);
        else if (standing.Head is null)
            _jobs.EndUndecided();
        _jobs.Serve();
    }

    /// <summary>Whoever means to go on later loses nothing that a trial says while it ends; but one that does not end is not awaited for ever. Asked twice, it ends no sooner: what runs has been told.</summary>
    private void Stop(TimeSpan now, StopExperiment stop)
    {
        var isToGoOn = FinalOutcome.CanGoOn(stop.Outcome) && !stop.AtOnce;
        if (isToGoOn && State.Stopping is not null)
            return;
        if (!isToGoOn || State.Slots.Engaged == 0)
        {
            _jobs.End(now, stop.Outcome, stop.Reason);
            return;
        }
        _jobs.Stop(now, stop.Outcome, stop.Reason);
        Timers.StartSingleTimer(nameof(StopExperiment), stop with { AtOnce = true }, _setup.TrialsEndIn);
    }

    private void Commit()
    {
        _uncommitted = 0;
        _outbox.Commit(_experiment!.TakeDecided());
    }

    /// <summary>The time of a decision: now; but what follows from a message before the time to stop is decided before it, however long that takes. Otherwise what is decided would depend on how fast the machine is, and could not be decided again.</summary>
    private TimeSpan Decided() => Elapsed() is var now && now >= State.Spec.Stop.After && _command < State.Spec.Stop.After ? State.Spec.Stop.After.Value - TimeSpan.FromTicks(1) : now;

    private TimeSpan Elapsed() => _clock.Elapsed ?? _experiment?.State.Time ?? TimeSpan.Zero;
}
