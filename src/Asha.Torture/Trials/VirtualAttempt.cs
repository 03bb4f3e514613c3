using Asha.Actors.Execution;
using Asha.Actors.Messages;
using Asha.Actors.Simulation;
using Asha.Core.Experiments;
using Asha.Torture.Faults;

namespace Asha.Torture.Trials;

/// <summary>An attempt on the world's clock: it does what its script says, and is ended as a process would be: by a limit, by a result that was long ago, by whoever asks for it.</summary>
internal sealed class VirtualAttempt(VirtualRunner runner, TrialLaunch launch, StartJob start, IAttemptListener listener) : IAttempt, IWorldEvent
{
    /// <summary>As <see cref="RunnerOptions"/> has them.</summary>
    private static readonly TimeSpan _resultGrace = new RunnerOptions().ResultGrace;

    /// <summary>How all end on a node that fails everything.</summary>
    public static readonly TrialEnding Broken = new(EndingCause.Exit, "exit code 66: no GPU");

    private enum Alarm { Act, TimeLimit, Silence, Grace, Stopped }

    private readonly ITrialGround _ground = runner.Ground;
    private readonly long _number = runner.Ground.NextNumber();
    private Script _script = null!;
    private StartJob _start = start;
    private TrialEnding? _cut;
    private int _next, _printed;
    private bool _hasResult, _isOver;

    public int Trial => launch.Trial;

    /// <summary>What the engine knows it as; a trial that goes on has another number than its process.</summary>
    public int Attempt => _start.Attempt;

    /// <summary>It was told to end, and takes longer than others.</summary>
    public bool IsSlow => _cut is not null && _script.Habit == Fault.TrialEndsSlowly;

    public void Begin()
    {
        _ground.Began(runner.Slot, _start);
        _script = _ground.ScriptOf(launch);
        if ((_ground.IsBroken(runner.Slot) ? Broken : _ground.Lack(launch)) is { } lack)
        {
            _script = new Script([new(TimeSpan.FromMilliseconds(5), default, lack)], null, TimeSpan.Zero, false);
        }
        else
        {
            if (_ground.Spec.TimeLimit is { } limit)
                Set(limit, Alarm.TimeLimit);
            ListenFor();
        }
        Next(TimeSpan.Zero);
    }

    public void GoOn(StartJob next)
    {
        if (_isOver || runner.IsDead)
            return;
        _start = next;
        _ground.Began(runner.Slot, next);
    }

    public void Stop() => Cut(new(EndingCause.Stopped));

    /// <summary>The time of an alarm has come.</summary>
    public void Happen(long number)
    {
        if (_isOver || runner.IsDead)
            return;
        switch ((Alarm)(number & 7))
        {
            case Alarm.Act when _cut is null:
                Act(_script.Acts[_next++]);
                break;
            case Alarm.TimeLimit when !_hasResult:
                Cut(new(EndingCause.TimeLimit, $"ran longer than {_ground.Spec.TimeLimit}"));
                break;
            case Alarm.Silence when !_hasResult && (uint)number >> 3 == _printed:
                Cut(new(EndingCause.Silence, "printed nothing for long"));
                break;
            case Alarm.Grace:
                Cut(new(EndingCause.Exited));
                break;
            case Alarm.Stopped:
                Stopped();
                break;
        }
    }

    private void Stopped()
    {
        if (_script.Retires && !_hasResult)
            Show();
        End(_hasResult ? new(EndingCause.Exited, "ended after its result") : _script.Retires ? _cut! with { Retires = "its trial cannot be ended" } : _cut!);
    }

    private void Act(Act act)
    {
        // Whoever ends in good order after its result has said all.
        if (act.IsBad && !(_hasResult && act.Ending is { Cause: EndingCause.Exited }))
            Show();
        if (act.IsSilence)
            return;
        if (act.Ending is { } ending)
        {
            End(_hasResult ? new(EndingCause.Exited) : ending);
            return;
        }
        if (act.Report.Checkpoint is not null)
            _ground.Published(launch.Trial, launch.Attempt, act.Report);
        _printed++;
        ListenFor();
        if (!_hasResult && act.Report.Problem is null && act.Report.Resource >= launch.Target)
        {
            _hasResult = true;
            Set(_resultGrace, Alarm.Grace);
        }
        _ground.Reported(runner.Slot, _start, act.Report);
        listener.Reported(act.Report);
        Next(act.After);
    }

    private void Next(TimeSpan now)
    {
        if (_next < _script.Acts.Count)
            Set(_script.Acts[_next].After - now, Alarm.Act);
    }

    private void ListenFor()
    {
        if (_ground.Spec.SilenceLimit is { } silence)
            Set(silence, Alarm.Silence);
    }

    private void Cut(TrialEnding why)
    {
        if (_isOver || _cut is not null || runner.IsDead)
            return;
        _cut = why;
        if (_script.Habit is Fault.TrialEndsSlowly or Fault.TrialOutstays)
            Show();
        Set(_script.Stopping, Alarm.Stopped);
    }

    /// <summary>Its habit is seen by whoever looks.</summary>
    private void Show() => _ground.Showed(_script.Habit!.Value, Trial, Attempt);

    private void End(TrialEnding ending)
    {
        _isOver = true;
        runner.Over(this);
        _ground.Gone(runner.Slot, Trial, Attempt);
        listener.Ended(ending);
    }

    /// <summary>No two attempts have a number in common: which of two that act at one time is first must not hang on what else is planned.</summary>
    private void Set(TimeSpan after, Alarm alarm) => _ground.At(after, this, (_number << 32) | ((long)_printed << 3) | (long)alarm);
}
