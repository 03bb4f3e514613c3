using System.Globalization;
using Asha.Actors.Execution;
using Asha.Core.Experiments;

namespace Asha.Tuning.Trials;

/// <summary>
/// One call of the method, from the queue to its end. It ends when the method returns; or, if that was told to end and does not, when its grace is over: then without the method, which goes on, and so
/// with its slot (docs/decisions/009).
/// </summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "A method that goes on may still look at its token; without timer and wait handle the source holds nothing.")]
internal sealed class InProcessAttempt : IAttempt, IThreadPoolWorkItem
{
    private static readonly TrialEnding _inOrder = new(EndingCause.Exited);
    private readonly Lock _lock = new();

    /// <summary>One report after the other, while checkpoints are read, too.</summary>
    private readonly Lock _reporting = new();
    private readonly InProcessRunner _runner;
    private readonly ReportGate _gate;
    private readonly CancellationTokenSource _cancel = new();
    private readonly IAttemptListener _listener;
    private TrialLog? _log;
    private TrialEnding? _cut;
    private long _startedAt, _signAt, _resultAt, _cutAt;
    private bool _isStarted, _isOver, _hasFolder, _isPublishing;

    public InProcessAttempt(InProcessRunner runner, TrialLaunch launch, IAttemptListener listener)
    {
        (_runner, Launch, _listener) = (runner, launch, listener);
        _gate = new ReportGate(launch, runner.Checkpoints, listener);
    }

    public TrialLaunch Launch { get; }

    public string? ResumeFrom { get; private set; }

    public TrialLog Log
    {
        get
        {
            lock (_lock)
                return _log ??= new TrialLog(_runner.LogOf(Launch.Trial), Heading, () => Volatile.Write(ref _signAt, Now));
        }
    }

    private long Now => _runner.Time.GetTimestamp();

    public void Stop() => Cut(new TrialEnding(EndingCause.Stopped));

    public string CheckpointFolder()
    {
        var folder = _runner.Checkpoints.MakeFolder(Launch.Trial, Launch.Attempt);
        _hasFolder = true;
        return folder;
    }

    public bool Report(double resource, double metric, string? checkpoint)
    {
        lock (_reporting)
        {
            TrialReport? sent;
            lock (_lock)
            {
                if (_isOver || _gate.HasResult)
                    return false;
                _signAt = Now;
                sent = _gate.Check(resource, metric, checkpoint, out var rejection);
                if (rejection is not null)
                    Log.Own($"=== rejected, {rejection}: resource {resource:R}, metric {metric:R} ===", matters: true);
                _isPublishing = sent?.Checkpoint is not null;
            }
            return sent is { } report && Take(report);
        }
    }

    /// <summary>A checkpoint is read on the trial's own thread; whoever looks at the attempt meanwhile does not wait for that, nor takes it for the trial's silence.</summary>
    private bool Take(TrialReport report)
    {
        var problem = report.Checkpoint is null ? null : _gate.Publish(ref report);
        lock (_lock)
        {
            (_isPublishing, _signAt) = (false, Now);
            if (_isOver)
                return false;
            if (problem is not null)
                Log.Own($"=== {problem} ===", matters: true);
            _gate.Accept(report);
            if (_gate.HasResult)
                _resultAt = _signAt;
            return true;
        }
    }

    /// <summary>Looks whether a limit or a grace has passed.</summary>
    public void Check()
    {
        TrialEnding? cut;
        lock (_lock)
        {
            if (_isOver)
                return;
            if (_cut is not null)
            {
                if (Since(_cutAt) >= _runner.Options.CancellationGrace)
                    GiveUp();
                return;
            }
            cut = Limit();
        }
        if (cut is not null)
            Cut(cut);
    }

    void IThreadPoolWorkItem.Execute() => _ = RunAsync();

    private async Task RunAsync()
    {
        Exception? failure = null;
        try
        {
            if (Begin())
                await (_runner.Method(new Trial(this), _cancel.Token) ?? throw new InvalidOperationException("the method returned no task")).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            failure = error; // Whatever it is, it is told as the attempt's ending.
        }
        End(failure);
    }

    /// <summary>Whether the method is to be called.</summary>
    private bool Begin()
    {
        if (Launch.Resume is { } checkpoint)
        {
            var found = _runner.Checkpoints.Verify(Launch.Trial, checkpoint, _cancel.Token);
            ResumeFrom = found.Path;
            if (found.Fault is { } fault)
            {
                Log.Own($"=== {FaultNames.Of(fault)}: {checkpoint.Path} of attempt {checkpoint.Attempt}: {found.Detail}; nothing was started ===", matters: true);
                Cut(new TrialEnding(fault, found.Detail));
            }
        }
        lock (_lock)
        {
            _startedAt = _signAt = Now;
            return _isStarted = _cut is null;
        }
    }

    /// <summary>Tells the method to end, once; what it is told for first stands.</summary>
    private void Cut(TrialEnding ending)
    {
        lock (_lock)
        {
            if (_isOver || _cut is not null)
                return;
            (_cut, _cutAt) = (ending, Now);
        }
        // What the method registered with its token runs on the pool: not on the thread of an actor, and not under anybody's lock.
        _cancel.CancelAsync().ContinueWith(
            failed => Log.Own($"=== cancelling threw {failed.Exception!.GetBaseException()} ===", matters: true), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    private TrialEnding? Limit()
    {
        if (!_isStarted || _isPublishing)
            return null;
        if (_gate.HasResult)
            return Since(_resultAt) >= _runner.Options.ResultGrace ? new TrialEnding(EndingCause.Exited) : null;
        if (Since(_startedAt) >= _runner.Options.TimeLimit)
            return new TrialEnding(EndingCause.TimeLimit, $"ran longer than {_runner.Options.TimeLimit}");
        return Since(Volatile.Read(ref _signAt)) >= _runner.Options.SilenceLimit ? new TrialEnding(EndingCause.Silence, $"reported and logged nothing for {_runner.Options.SilenceLimit}") : null;
    }

    private void End(Exception? failure)
    {
        _runner.Watch.Remove(this);
        lock (_lock)
        {
            if (_isOver)
                return;
            _isOver = true;
        }
        // Whatever a user's exception does when it is asked for its words, the slot is told that the attempt is over.
        var ending = failure is null ? _inOrder : new TrialEnding(EndingCause.Exception, failure.GetType().Name);
        try
        {
            ending = EndingOf(failure);
            if (failure is not null && (ending.Cause is EndingCause.Exception or EndingCause.OutOfMemory || _gate.HasResult))
                Log.Own($"{failure}", matters: true);
            CloseLog(ending);
            if (_hasFolder && !_gate.HasCheckpoint)
                _runner.Checkpoints.Discard(Launch.Trial, Launch.Attempt);
        }
        finally
        {
            _listener.Ended(ending);
        }
    }

    /// <summary>The result stands above all; then what the method was told to end for; then what it says itself.</summary>
    private TrialEnding EndingOf(Exception? failure)
    {
        if (_gate.HasResult)
            return failure is null or OperationCanceledException ? _inOrder : new TrialEnding(EndingCause.Exited, $"{failure.GetType().Name} after its result");
        if (_cut is not null)
            return _cut;
        if (failure is null)
            return new TrialEnding(EndingCause.Exited, _gate.Shortfall);
        // Also where a task or a static constructor has wrapped it.
        return new TrialEnding(failure.GetBaseException() is OutOfMemoryException ? EndingCause.OutOfMemory : EndingCause.Exception, $"{failure.GetType().Name}: {failure.Message}");
    }

    /// <summary>The method does not end, and nobody can end it. One that has not even begun never will.</summary>
    private void GiveUp()
    {
        if (_isStarted && !_runner.Watch.Abandon(this))
            return; // It has returned, and is about to say so.
        _isOver = true;
        if (!_isStarted)
        {
            _listener.Ended(_cut!);
            return;
        }
        var grace = _runner.Options.CancellationGrace.TotalSeconds;
        var reason = string.Create(CultureInfo.InvariantCulture, $"trial {Launch.Trial} did not end within {grace} s of being told to");
        var cause = _gate.HasResult ? EndingCause.Exited : _cut!.Cause;
        var ending = new TrialEnding(cause, string.Join("; ", new[] { _gate.HasResult ? "" : _cut!.Detail, string.Create(CultureInfo.InvariantCulture, $"it did not end within {grace} s of being told to") }.Where(text => text.Length > 0)), reason);
        CloseLog(ending, matters: true);
        _listener.Ended(ending);
        // The user's own logger: whatever it does, it does on a thread that nobody waits for.
        ThreadPool.UnsafeQueueUserWorkItem(static told => told.Warn?.Invoke(told.Text), (_runner.Warn, Text: $"{reason}; it goes on, and its slot is not used again."), preferLocal: false);
    }

    private void CloseLog(TrialEnding ending, bool matters = false)
    {
        if (_log is null && !matters)
            return;
        Log.Own($"=== ended: {FaultNames.Of(ending.Cause, _gate.HasResult, _gate.HasRejections)}{(ending.Detail.Length == 0 ? "" : ", ")}{ending.Detail} ===", matters);
        Log.Dispose();
    }

    private TimeSpan Since(long moment) => _runner.Time.GetElapsedTime(moment);

    private string Heading() => string.Create(CultureInfo.InvariantCulture,
        $"attempt {Launch.Attempt}, {_runner.Time.GetUtcNow():yyyy-MM-dd HH:mm:ss}Z, resource {Launch.Start} to {Launch.Target}");
}
