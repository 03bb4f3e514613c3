using Asha.Actors.Persistence;
using Asha.Cluster.Client;
using Asha.Core.Experiments;
using Asha.Tuning;

namespace Asha.Host.Cli;

/// <summary>The events of a cluster's run.</summary>
internal static class ClusterEvents
{
    /// <summary>All so far, in order; none: it has not begun.</summary>
    /// <exception cref="UserErrorException">There is no such run, or this version cannot read its events.</exception>
    public static async Task<IReadOnlyList<ExperimentEvent>> ReadAsync(AshaClient client, string run, CancellationToken cancel)
    {
        var lines = await client.EventsAsync(run, cancel);
        try
        {
            return [.. EventLines.ReadIntact(lines)];
        }
        catch (UnknownFormatException unknown)
        {
            throw new UserErrorException($"{run}: {unknown.Message}", "Is the cluster's Asha of a later version than this one?");
        }
    }

    public static UserErrorException NotBegun(string run) => new($"{run}: it has not begun yet", "Ask again in a moment.");
}
