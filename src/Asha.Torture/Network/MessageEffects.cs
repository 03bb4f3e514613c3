using Asha.Actors.Messages;
using Asha.Core.Experiments;
using Asha.Torture.Faults;
using Asha.Torture.World;

namespace Asha.Torture.Network;

/// <summary>Counts what is done to messages, and sees in what arrives and in what is said again whether it changed anything.</summary>
internal sealed class MessageEffects(FaultCounts counts, Trace trace)
{
    public void Inject(Fault kind, object message)
    {
        counts.Inject(kind);
        trace.Note(kind, message);
    }

    /// <summary>The same, where it will be seen in what the node says again.</summary>
    /// <param name="until">When it arrives all the same; never, where it is lost.</param>
    public void Inject(Connection connection, Fault kind, object message, TimeSpan until)
    {
        Inject(kind, message);
        Keep(connection, kind, message, until);
    }

    /// <summary>It is lost where the network fell into parts, which was counted as one fault.</summary>
    public void Cut(Connection connection, object message)
    {
        trace.Note(Fault.Partition, message);
        Keep(connection, Fault.Partition, message, TimeSpan.MaxValue);
    }

    private static void Keep(Connection connection, Fault kind, object message, TimeSpan until)
    {
        if (message is NodeReport { Report: var report })
            connection.Sent[(report.Trial, report.Attempt, report.Message)] = (kind, until);
        else if (message is ReportStored stored && connection.Sent.ContainsKey((stored.Trial, stored.Attempt, stored.Message)))
            connection.Sent[(stored.Trial, stored.Attempt, stored.Message)] = (kind, until);
    }

    /// <summary>A node that sends again shows that its message, or the answer, was lost or is late. One that arrived late, but before that, changed nothing.</summary>
    public void Sent(Connection connection, JobReport report, TimeSpan now)
    {
        var key = (report.Trial, report.Attempt, report.Message);
        if (connection.Sent.TryGetValue(key, out var fault) && fault is { } done && now < done.Until && (done.Kind != Fault.Partition || connection.AwaitsEffectOfCut))
        {
            counts.Take(done.Kind);
            connection.AwaitsEffectOfCut &= done.Kind != Fault.Partition;
        }
        connection.Sent[key] = null;
    }

    /// <summary>A copy that the engine will not count; a message that one which was sent later has overtaken, so that it changes something.</summary>
    public void Arrives(Letter letter, Way way, Coordinator? coordinator)
    {
        if (letter.Done is not (Fault.Duplicated or Fault.Reordered) || letter is { Done: Fault.Reordered } && letter.Number > way.Arrived)
            return;
        if (letter.Message is NodeReport report ? coordinator?.StandingOf(report.Report) is not (null or MessageStanding.Next) : letter is { Done: Fault.Reordered, Message: StartJob or EndJob })
            counts.Take(letter.Done.Value);
    }
}
