using System.Text.Json;
using System.Text.Json.Serialization;
using Asha.Actors.Persistence;
using Asha.Tuning;
using Asha.Tuning.Runs;

namespace Asha.Host.Runs;

/// <summary>A run of this machine as <c>asha ls</c> lists it. Of one that cannot be read only its name and why are known; it comes first.</summary>
/// <param name="Run">Its folder's name.</param>
/// <param name="StartedAt">When it was begun.</param>
/// <param name="Seconds">How long it has lasted.</param>
/// <param name="Best">The best metric of the highest rung.</param>
/// <param name="Running">Whether somebody is at work on it.</param>
/// <param name="Outcome">How it ended; <c>null</c>: it has not, or broke off.</param>
/// <param name="Problem">Why it cannot be read.</param>
internal sealed record RunListing(string Run, DateTimeOffset? StartedAt, double? Seconds, int? Trials, int? Jobs, double? Best, bool? Running, string? Outcome, string? Problem)
{
    public static RunListing Of(RunFolder folder)
    {
        folder.EndOrphans(Console.Error);
        try
        {
            var record = folder.ReadRecord();
            var state = record.State;
            var running = folder.SinceStart(record);
            return new RunListing(
                folder.Name, state.Origin.StartedAt, (running ?? state.Time).TotalSeconds, state.Trials.Count, state.Jobs, state.Best is { } best ? best.Results[state.BestRung].Metric : null, running is not null, state.Ended?.Outcome, null);
        }
        catch (Exception error) when (error is UserErrorException or UnknownFormatException)
        {
            return new RunListing(folder.Name, null, null, null, null, null, null, null, error.Message);
        }
    }
}

/// <summary>The runs below a folder, the last one started at the end.</summary>
internal sealed record RunListings(IReadOnlyList<RunListing> Runs)
{
    public string ToJson() => JsonSerializer.Serialize(this, RunListingJson.Default.RunListings);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RunListings))]
internal sealed partial class RunListingJson : JsonSerializerContext;
