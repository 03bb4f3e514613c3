using Asha.Actors.Messages;

namespace Asha.Torture.World;

/// <summary>Messages, in a line.</summary>
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
        EventsCommitted committed => $"EventsCommitted {string.Join("; ", committed.Events.Select(one => one.ToString()))}",
        _ => message.ToString() is { } text && text != message.GetType().FullName ? text : message.GetType().Name,
    };
}
