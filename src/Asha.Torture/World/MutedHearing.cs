using Akka.Actor;
using Asha.Core.Experiments;

namespace Asha.Torture.World;

/// <summary>What one engine tells its watcher: nobody listens any more once another has followed it.</summary>
internal sealed class MutedHearing(ITestimony testimony) : ITestimony
{
    public bool IsMuted { get; set; }

    /// <summary>Called when it has found out that another has followed it.</summary>
    public Action? Refused { get; set; }

    public void Committed(IReadOnlyList<ExperimentEvent> events) => Unless(() => testimony.Committed(events));

    public void Recovered(IReadOnlyList<ExperimentEvent> events) => Unless(() => testimony.Recovered(events));

    public void Failed(string message)
    {
        if (IsMuted && message.Contains("another engine has written", StringComparison.Ordinal))
            Refused?.Invoke();
        Unless(() => testimony.Failed(message));
    }

    public void JournalFailed(string message) => Unless(() => testimony.JournalFailed(message));

    public void Stopped(IActorRef actor) => Unless(() => testimony.Stopped(actor));

    public void Stalled(string? reason) => Unless(() => testimony.Stalled(reason));

    private void Unless(Action told)
    {
        if (!IsMuted)
            told();
    }
}
