using Asha.Actors.Execution;

namespace Asha.Tuning.Trials;

/// <summary>
/// Runs attempts as calls of a method, on the thread pool: actors have threads of their own, so it may compute without ever awaiting. What a trial does not ask for it does not get: an instant one
/// costs no access to the disk and no timer.
/// </summary>
/// <param name="trial">The method.</param>
/// <param name="runFolder">Checkpoints and logs go here, where there are any.</param>
/// <param name="time">The clock of the limits and the graces.</param>
/// <param name="options">These.</param>
internal sealed class InProcessRunner(Func<Trial, CancellationToken, Task> trial, string runFolder, TimeProvider time, InProcessOptions options) : ITrialRunner, IDisposable
{
    public Func<Trial, CancellationToken, Task> Method => trial;

    public TimeProvider Time => time;

    public InProcessOptions Options => options;

    public AttemptWatch Watch { get; } = new(time);

    public CheckpointStore Checkpoints { get; } = new(runFolder);

    /// <summary>Told of what a trial that was given up does to the run.</summary>
    public Action<string>? Warn { get; init; }

    public string LogOf(int trial) => Path.Combine(runFolder, "logs", $"trial-{trial:D6}.log");

    /// <inheritdoc/>
    public IAttempt Start(TrialLaunch launch, IAttemptListener listener)
    {
        var attempt = new InProcessAttempt(this, launch, listener);
        Watch.Add(attempt);
        ThreadPool.UnsafeQueueUserWorkItem(attempt, preferLocal: false);
        return attempt;
    }

    public void Dispose() => Watch.Dispose();
}
