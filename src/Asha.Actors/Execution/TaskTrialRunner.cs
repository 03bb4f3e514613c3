using Asha.Core.Experiments;

namespace Asha.Actors.Execution;

/// <summary>A runner whose attempts are asynchronous methods.</summary>
public abstract class TaskTrialRunner : ITrialRunner
{
    /// <summary>Runs one attempt and completes when it has ended and everything that it started is gone. An exception says that it could not be started.</summary>
    /// <param name="launch">The attempt.</param>
    /// <param name="report">Called for each report, in order.</param>
    /// <param name="stop">Ends the attempt.</param>
    public abstract Task<TrialEnding> RunAsync(TrialLaunch launch, Action<TrialReport> report, CancellationToken stop);

    /// <inheritdoc/>
    public IAttempt Start(TrialLaunch launch, IAttemptListener listener)
    {
        var attempt = new Attempt();
        _ = FollowAsync(launch, listener, attempt);
        return attempt;
    }

    private async Task FollowAsync(TrialLaunch launch, IAttemptListener listener, Attempt attempt)
    {
        TrialEnding ending;
        try
        {
            ending = await RunAsync(launch, listener.Reported, attempt.Token).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            ending = new TrialEnding(EndingCause.StartFailed, error.Message);
        }
        listener.Ended(ending);
    }

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "Without timer and wait handle the source holds nothing, and a late Stop may still come.")]
    private sealed class Attempt : IAttempt
    {
        private readonly CancellationTokenSource _stop = new();

        public CancellationToken Token => _stop.Token;

        public void Stop() => _stop.Cancel();
    }
}
