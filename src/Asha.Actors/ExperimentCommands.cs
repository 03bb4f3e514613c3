using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Actors;

/// <summary>What each command does to an experiment, and what follows from it: a stop rule may hold, and slots may be given jobs.</summary>
internal sealed partial class ExperimentCommands
{
    private readonly ExperimentSetup _setup;
    private readonly Experiment _experiment;
    private readonly IActorContext _context;
    private readonly ITimerScheduler _timers;
    private readonly ExperimentClock _clock;
    private readonly RungDesk _rungs;
    private readonly CheckpointKeeper _checkpoints;
    private readonly Unanswered _unanswered;
    private readonly SlotDesk _slots;
    private readonly JobDesk _jobs;
    private readonly ReportDesk _reports;
    private TimeSpan _command;

    /// <param name="setup">Whom the experiment talks to.</param>
    /// <param name="experiment">Decides, and holds what was decided.</param>
    /// <param name="context">The experiment's: rungs are its children.</param>
    /// <param name="timers">The experiment's.</param>
    /// <param name="outbox">What is said waits there for the journal.</param>
    /// <param name="clock">The experiment's time.</param>
    public ExperimentCommands(ExperimentSetup setup, Experiment experiment, IActorContext context, ITimerScheduler timers, Outbox outbox, ExperimentClock clock)
    {
        (_setup, _experiment, _context, _timers, _clock) = (setup, experiment, context, timers, clock);
        _rungs = new RungDesk(State.Spec.Scheduler, context, setup.Rung);
        if (State.Trials.Count == 0)
            _rungs.Open(State.Brackets[0], 0);
        else
            _rungs.Restore(State);
        var held = new HeldSlots();
        _checkpoints = new CheckpointKeeper(State, outbox, setup.IsClustered ? setup.Origin.Run : null);
        _unanswered = new Unanswered(outbox, setup.ResendInterval, timers, held);
        _slots = new SlotDesk(setup, experiment, held, outbox, _unanswered, context.Self);
        _jobs = new JobDesk(setup, experiment, _rungs, held, _slots, outbox, _unanswered, _checkpoints, Decided);
        _reports = new ReportDesk(experiment, _rungs, _slots, _jobs, _checkpoints, outbox, _unanswered, Decided);
    }

    /// <summary>Whether a rung has to answer before anything else can be handled.</summary>
    public bool IsWaiting => _rungs.IsAsked;

    private ExperimentState State => _experiment.State;

    /// <summary>Says to the supervisor how the slots stand.</summary>
    public void ReportSlots(long heard)
    {
        var now = _clock.Elapsed ?? State.Time;
        _slots.Report(now, heard);
        _clock.ShunAlarmRang();
        if (State.Ended is null)
            SetAlarms(now);
    }

    /// <summary>A rung has answered.</summary>
    public void Take(RungStanding standing) => _reports.Take(standing);

    /// <summary>Handles a command.</summary>
    /// <param name="message">The command.</param>
    /// <param name="sender">Who gave it.</param>
    /// <param name="arrived">When.</param>
    /// <returns>Whether it was one.</returns>
    public bool Handle(object message, IActorRef sender, TimeSpan arrived)
    {
        var now = _command = arrived > State.Time ? arrived : State.Time;
        switch (message)
        {
            case NodeReport report:
                _reports.Take(report.Report, sender, now);
                break;
            case TakeOverExperiment taken:
                _experiment.TakeOver(taken.At, taken.Origin);
                return true;
            case ResumeExperiment resume:
                _jobs.Resume(now, resume.Origin);
                _slots.Resume();
                if (_setup.ResendInterval is not null)
                    _slots.Open(); // By its writer's number, which must be in the journal.
                break;
            case GrantSlots granted when State.Ended is null:
                _checkpoints.Meet(granted.Slots);
                _slots.Take(now, granted.Slots);
                _jobs.TakeBack(now, granted.Slots);
                break;
            case AttemptOver over when State.Ended is null:
                _experiment.Await(now, over.Trial, over.Attempt);
                break;
            case SlotsUnreachable unreachable when State.Ended is null:
                _slots.Doubt(now, unreachable.Slots);
                break;
            case SlotsLost lost when State.Ended is null:
                _slots.Lose(now, lost.Slots);
                break;
            case SlotRetired retired when State.Ended is null:
                _slots.Retire(now, retired);
                break;
            case JobTaken taken:
                _unanswered.Taken(taken.Trial, taken.Attempt);
                return true;
            case JobGone gone:
                _unanswered.Over(gone.Trial, gone.Attempt);
                return true;
            case ResendJobs:
                _unanswered.TellAgain(_context.Self);
                return true;
            case RecallSlot recall:
                _slots.Recall(recall);
                break;
            case KeepSlot keep:
                _slots.Keep(keep.Slot);
                break;
            case ReopenExperiment when State.Ended is null:
                _slots.Open();
                return true;
            case StopExperiment stop when State.Ended is null:
                Stop(now, stop);
                break;
            case TimeIsUp:
                break; // The stop rule below sees the time.
            case RetryIsDue when State.Ended is null:
                _clock.RetryAlarmRang();
                _experiment.ReleaseRetries(now);
                break;
            default:
                // After its end these do nothing.
                return message is GrantSlots or ReopenExperiment or AttemptOver or SlotsUnreachable or SlotsLost or SlotRetired or StopExperiment or RetryIsDue;
        }
        if (State.Ended is null && State.NoNodeIsFit)
            _jobs.End(now, "failed", NodeRules.NoneIsFit);
        if (State.Ended is null && StopRule.Check(State, now, alarm: message is TimeIsUp) is { } reason)
            _jobs.End(now, "stopped", reason);
        _jobs.Serve();
        if (State.Ended is null)
        {
            _slots.SayShuns(now);
            SetAlarms(now);
        }
        return true;
    }

    private void SetAlarms(TimeSpan now)
    {
        _clock.SetRetryAlarm(State.Retries.Earliest);
        _clock.SetShunAlarm(_slots.NextChange(now));
    }

    /// <summary>The time of a decision: now; but what follows from a message before the time to stop is decided before it, however long that takes. Otherwise what is decided would depend on how fast the machine is, and could not be decided again.</summary>
    private TimeSpan Decided()
    {
        var now = _clock.Elapsed ?? State.Time;
        return now >= State.Spec.Stop.After && _command < State.Spec.Stop.After ? State.Spec.Stop.After.Value - TimeSpan.FromTicks(1) : now;
    }
}
