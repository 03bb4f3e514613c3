using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Asha.Cluster.Api;

/// <summary>Why a request was not done (RFC 9457).</summary>
/// <param name="Type">Always <c>about:blank</c>.</param>
/// <param name="Advice">What to do about it.</param>
/// <param name="Problems">Each mistake, where there may be several.</param>
internal sealed record ProblemAnswer(string Type, string Title, int Status, string Detail,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Advice = null, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<ProblemAt>? Problems = null);

/// <summary>The experiment is in the journal.</summary>
/// <param name="Run">Its name from now on.</param>
internal sealed record SubmittedAnswer(string Run, IReadOnlyList<string> Warnings);

/// <summary>A page of the experiments that the cluster has, newest first.</summary>
/// <param name="Epoch">Of the registry that answered; one more with each failover.</param>
/// <param name="Next">What to send as <c>after</c> for the next page; <c>null</c>: there is none.</param>
/// <param name="Total">How many experiments there are, whatever was asked for.</param>
internal sealed record ExperimentsAnswer(IReadOnlyList<ExperimentAnswer> Experiments, long Epoch, string? Next = null, int Total = 0);

/// <summary>One experiment.</summary>
/// <param name="Run">The run's name.</param>
/// <param name="Name">The experiment's.</param>
/// <param name="Phase"><c>open</c>, <c>ending</c>, <c>paused</c> or <c>over</c>.</param>
/// <param name="MaxConcurrent">Slots at a time; <c>null</c>: as many as there are.</param>
/// <param name="Coordinator">Host and port of the one that has it; <c>null</c>: none at the moment, or none any more.</param>
/// <param name="Outcome">How it ended; <c>null</c>: it has not.</param>
/// <param name="Problem">Why its engine failed the last time, while that lasts; or why its journal cannot be read.</param>
/// <param name="Seconds">How long it has lasted, by its last event; <c>null</c>: it has not begun.</param>
/// <param name="Best">The best metric of the highest rung.</param>
/// <param name="Shortage">Why no slot of the nodes that are known can be given to it, though it has work: it waits for one that can; <c>null</c>: there are such.</param>
internal sealed record ExperimentAnswer(
    string Run, string Name, string Phase, DateTimeOffset SubmittedAt, int Weight, int Priority, int? MaxConcurrent, string? Coordinator, string? Outcome, string? Reason, string? Problem,
    double? Seconds, int Trials, int Jobs, double? Best, string? Shortage);

/// <summary>The nodes that have joined, by name.</summary>
internal sealed record NodesAnswer(IReadOnlyList<NodeAnswer> Nodes);

/// <summary>One node.</summary>
/// <param name="Slots">Trials at a time.</param>
/// <param name="Address">Host and port.</param>
/// <param name="Draining">It gets no more jobs, and leaves when those that it has are over.</param>
/// <param name="Cpus">CPUs of each slot that are its own: 0, where slots share one.</param>
/// <param name="Memory">Bytes of memory for each slot; 0: nobody counts it.</param>
/// <param name="Gpus">GPUs of each slot.</param>
/// <param name="Labels">Words that experiments may ask for.</param>
/// <param name="Unfit">Of each run whose trials it cannot run, and which leaves it alone for a while: the run's name, and why; <c>null</c>: there is none.</param>
/// <param name="Quarantined">It fails all that some run gives it, while other nodes do not: it gets no jobs but one at a time, to see whether it is mended. <paramref name="Unfit"/> says why.</param>
internal sealed record NodeAnswer(string Name, int Slots, string Address, bool Draining, int Cpus = 0, long Memory = 0, int Gpus = 0, IReadOnlyList<string>? Labels = null, IReadOnlyList<string>? Unfit = null, bool Quarantined = false);

/// <summary>A command was taken; what becomes of it, the list tells.</summary>
internal sealed record TakenAnswer(string Taken);

/// <summary>Whether a registry answers here.</summary>
/// <param name="Status"><c>ok</c>.</param>
/// <param name="Registry">Host and port of the coordinator that has it.</param>
internal sealed record HealthAnswer(string Status, long Epoch, string Registry, int Nodes, int Experiments);

/// <summary>One word.</summary>
/// <param name="Status"><c>live</c> or <c>ready</c>.</param>
internal sealed record StatusAnswer(string Status);

[JsonSerializable(typeof(ProblemAnswer))]
[JsonSerializable(typeof(SubmittedAnswer))]
[JsonSerializable(typeof(ExperimentsAnswer))]
[JsonSerializable(typeof(NodesAnswer))]
[JsonSerializable(typeof(TakenAnswer))]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(StatusAnswer))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>Texts as people read them: an answer is never part of a page, so quotes need no disguise.</summary>
    public static ApiJson Plain { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
