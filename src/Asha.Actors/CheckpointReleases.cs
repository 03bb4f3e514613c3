using Akka.Actor;
using Akka.Event;
using Asha.Actors.Messages;

namespace Asha.Actors;

/// <summary>The checkpoints that a node is deleting: it does not go before that is done.</summary>
/// <param name="delete">Deletes them; where it can at once, before it returns.</param>
/// <param name="node">Is told of the others, <see cref="Done"/>.</param>
internal sealed class CheckpointReleases(Func<ReleaseCheckpoints, Task> delete, IActorContext node)
{
    /// <summary>To the node: a deletion is over.</summary>
    /// <param name="Failure">What was in its way; <c>null</c>: nothing.</param>
    public sealed record Done(Exception? Failure) : INoSerializationVerificationNeeded;

    private int _underWay;

    public bool IsIdle => _underWay == 0;

    public void Begin(ReleaseCheckpoints release)
    {
        var deleted = delete(release);
        if (deleted.IsCompletedSuccessfully)
            return;
        _underWay++;
        deleted.PipeTo(node.Self, success: () => new Done(null), failure: error => new Done(error));
    }

    public void Take(Done done)
    {
        _underWay--;
        if (done.Failure is { } failure)
            node.GetLogger().Warning("A checkpoint could not be deleted: {Problem}", failure.GetBaseException().Message);
    }
}
