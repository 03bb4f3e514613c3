using Akka.Actor;
using Akka.Persistence;
using Asha.Actors;
using Asha.Actors.Messages;
using Asha.Core.Recordings;

namespace Asha.Torture.World;

/// <summary>Messages, in a line of plain words.</summary>
internal static class Words
{
    public static string Of(object message) => message switch
    {
        NodeReport { Report: var report } => $"NodeReport {report.Trial}.{report.Attempt} message {report.Message}{string.Concat(report.Reports.Select(one => one.Problem is null ? $" [{one.Resource:R} {one.Metric:R}{(one.Checkpoint is null ? "" : " " + one.Checkpoint)}]" : $" [{one.Problem}]"))}{(report.Ending is { } ending ? $" {ending.Cause}{(ending.Retires is null ? "" : ", retires")}" : "")}",
        ReportStored stored => $"ReportStored {stored.Trial}.{stored.Attempt} message {stored.Message}",
        StartJob start => $"StartJob {start.Trial}.{start.Attempt} on {start.Slot} from {start.Start:R} to {start.Target:R}{(start.GoesOn ? ", goes on" : "")}{(start.Checkpoint is { } from ? $", from {from.Path} of attempt {from.Attempt}" : "")}",
        EndJob end => $"EndJob {end.Trial}.{end.Attempt}",
        GrantSlots granted => $"GrantSlots {string.Join(", ", granted.Slots.Select(slot => $"{slot.Slot} on {slot.Node}"))}",
        RungStanding standing => $"RungStanding {standing.Bracket}/{standing.Rung}{(standing.Promoted is { } promoted ? $", promotes {promoted.Trial}" : "")}",
        RunAttempt { Launch: var launch } run => $"RunAttempt {launch.Trial}.{launch.Attempt} from {launch.Start:R} to {run.Level:R}{(run.RunsThrough ? $", then to {launch.Target:R}" : "")}{(run.GoesOn ? ", goes on" : "")}",
        EndAttempt end => $"EndAttempt {end.Trial}.{end.Attempt}",
        FlightReported { Flight.Run.Launch: var launch, Report: var report } => $"FlightReported {launch.Trial}.{launch.Attempt}: {report.Problem ?? $"{report.Resource:R} {report.Metric:R}"}",
        FlightEnded { Flight.Run.Launch: var launch, Ending: var ending } => $"FlightEnded {launch.Trial}.{launch.Attempt}: {ending.Cause}",
        AttemptReport { Report: var report } => $"AttemptReport {report.Trial}.{report.Attempt} message {report.Message}{(report.Ending is { } ending ? $", {ending.Cause}" : "")}",
        AppendEvents append => $"AppendEvents {append.Batch}: {string.Join("; ", append.Events.Select(EventWords.Of))}",
        EventsCommitted committed => $"EventsCommitted {string.Join("; ", committed.Events.Select(EventWords.Of))}",
        EventsRecovered recovered => $"EventsRecovered: {recovered.Events.Count} events",
        JournalOpened opened => $"JournalOpened: {opened.Events.Count} events, the last batch was {opened.Last}",
        Terminated gone => $"Terminated {PathOf(gone.ActorRef)}",
        WriteMessageSuccess { Persistent: var entry } => $"WriteMessageSuccess: entry {entry.SequenceNr}",
        WriteMessageFailure { Persistent: var entry, Cause: var cause } => $"WriteMessageFailure: entry {entry.SequenceNr}, {cause.Message}",
        ReplayedMessage { Persistent: var entry } => $"ReplayedMessage: entry {entry.SequenceNr}",
        _ => RecordWords.Of(message),
    };

    /// <summary>Where an actor is, without the number that each start of it gets.</summary>
    public static string PathOf(IActorRef actor) => actor.Path.ToStringWithoutAddress();
}
