using System.Diagnostics.CodeAnalysis;
using Asha.Tuning.Trials;

namespace Asha.Tuning;

/// <summary>
/// One attempt of one job: train this configuration from <see cref="Start"/> up to <see cref="Target"/>. The method reads its parameters, trains, reports, and returns. A trial that is promoted later is
/// called again, with a higher target.
/// </summary>
public sealed class Trial
{
    private readonly InProcessAttempt _attempt;

    internal Trial(InProcessAttempt attempt) => (_attempt, Parameters) = (attempt, new ParameterValues(attempt.Launch.Configuration));

    /// <summary>The trial's number, from 0, in the order sampled.</summary>
    public int Number => _attempt.Launch.Trial;

    /// <summary>The attempt's number, from 1, one more at every start of this trial.</summary>
    public int Attempt => _attempt.Launch.Attempt;

    /// <summary>The trial's own seed, 0 … 2^63 − 1, drawn from the run's; the same in every attempt.</summary>
    public long Seed => _attempt.Launch.Seed;

    /// <summary>The resource already trained: that of the checkpoint to resume from, 0 without one.</summary>
    public double Start => _attempt.Launch.Start;

    /// <summary>The resource to train up to. The first report that reaches it is the result.</summary>
    public double Target => _attempt.Launch.Target;

    /// <summary>Why the previous attempt of this job did not count: <c>exception</c>, <c>time-limit</c>, <c>silence</c>, <c>no-result</c>, <c>bad-report</c>, <c>checkpoint-missing</c>, <c>checkpoint-corrupt</c>, <c>slot-retired</c>; empty on a first try.</summary>
    public string RetryReason => _attempt.Launch.RetryReason;

    /// <summary>The values of the active parameters.</summary>
    public ParameterValues Parameters { get; }

    /// <summary>Full path of the checkpoint (a file or a folder) to resume from; <c>null</c>: start from scratch.</summary>
    public string? ResumeFrom => _attempt.ResumeFrom;

    /// <summary>Full path of a folder of this attempt's own for checkpoints. It is made when it is first asked for.</summary>
    public string CheckpointFolder => _attempt.CheckpointFolder();

    /// <summary>The trial's log, <c>logs/trial-000017.log</c> in the run's folder; of any number of threads. It is made when it is first asked for, and keeps 1 MiB: the first half and the last.</summary>
    public TextWriter Log => _attempt.Log;

    /// <summary>A parameter's value.</summary>
    /// <exception cref="KeyNotFoundException">The parameter is not active in this trial, or is none of this search space; the message says which.</exception>
    public T Get<T>(Parameter<T> parameter) => Parameters.Get(parameter);

    /// <summary>A parameter's value, or <paramref name="otherwise"/> where it is not active.</summary>
    public T Get<T>(Parameter<T> parameter, T otherwise) => Parameters.Get(parameter, otherwise);

    /// <summary>A parameter's value, where it is active.</summary>
    /// <returns>Whether it is.</returns>
    public bool TryGet<T>(Parameter<T> parameter, [MaybeNullWhen(false)] out T value) => Parameters.TryGet(parameter, out value);

    /// <summary>
    /// Says how good the trial is by now. Reports below <see cref="Target"/> are the learning curve; the first at or above it is the result, with which the job is done: return soon. May be called from any
    /// thread. With a checkpoint it returns when that has been read and is on the disk; otherwise it waits for nobody.
    /// </summary>
    /// <param name="resource">What was trained in all, the part before a resume included: finite, more than 0, and more at every report.</param>
    /// <param name="metric">NaN or infinite says that training diverged: a result that ranks last, no failure.</param>
    /// <param name="checkpoint">A file or folder in <see cref="CheckpointFolder"/>, complete and closed, from which the trial can go on at this resource; a full path, or relative to that folder. Leave it there, as it is, until a later report names another: one that is changed after its report is corrupt, and the trial starts again from the one before. So give each a name of its own.</param>
    /// <returns>
    /// Whether the report counts. One that does not rise, is no finite number, or names a checkpoint that is not there is rejected, counted and shown, and the trial goes on; one that comes after the result, or after the
    /// attempt was given up, changes nothing.
    /// </returns>
    public bool Report(double resource, double metric, string? checkpoint = null) => _attempt.Report(resource, metric, checkpoint);
}
