using Asha.Core.Experiments;

namespace Asha.Actors.Execution;

/// <summary>What may end an attempt before its process exits: the limits, the run's stop, and its result.</summary>
internal sealed class TrialWatch : IDisposable
{
    private readonly TaskCompletionSource<TrialEnding> _cut = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeProvider _time;
    private readonly RunnerOptions _options;
    private readonly Deadline? _timeLimit, _silenceLimit;
    private readonly CancellationTokenRegistration _stop;
    private Deadline? _resultGrace;
    private volatile bool _hasResult;

    public TrialWatch(TrialSpec spec, TimeProvider time, RunnerOptions options, CancellationToken stop)
    {
        (_time, _options) = (time, options);
        if (spec.TimeLimit is { } limit)
            _timeLimit = new(time, limit, () => Limit(EndingCause.TimeLimit, $"ran longer than {limit}"));
        if (spec.SilenceLimit is { } silence)
            _silenceLimit = new(time, silence, () => Limit(EndingCause.Silence, $"printed nothing for {silence.TotalSeconds:R} s"));
        _stop = stop.Register(() => _cut.TrySetResult(new(EndingCause.Stopped)));
    }

    /// <summary>Completes when the attempt is to be ended, with the reason.</summary>
    public Task<TrialEnding> Cut => _cut.Task;

    public bool HasResult => _hasResult;

    public void Printed() => _silenceLimit?.Restart();

    /// <summary>The result is there: no limit counts any more, but the process is to exit soon.</summary>
    public void ResultReported()
    {
        _hasResult = true;
        _resultGrace = new(_time, _options.ResultGrace, () => _cut.TrySetResult(new(EndingCause.Exited)));
    }

    public void Dispose()
    {
        _stop.Dispose();
        _timeLimit?.Dispose();
        _silenceLimit?.Dispose();
        _resultGrace?.Dispose();
    }

    private void Limit(EndingCause cause, string detail)
    {
        if (!_hasResult)
            _cut.TrySetResult(new(cause, detail));
    }
}
