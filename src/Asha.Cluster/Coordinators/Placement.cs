using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Asha.Actors.Messages;

namespace Asha.Cluster.Coordinators;

/// <summary>To which run a message goes, and in which of so many shards that is.</summary>
internal sealed class RunExtractor() : HashCodeMessageExtractor(Shards)
{
    /// <summary>About ten for each coordinator of a large cluster. It must be the same everywhere, and for ever.</summary>
    private const int Shards = 100;

    public override string? EntityId(object message) => (message as IRunMessage)?.Run;
}

/// <summary>A shard that nobody has goes to the coordinator that has the fewest, and stays: to move a running experiment is a takeover, and nothing is gained by it.</summary>
internal sealed class FewestShards : IShardAllocationStrategy
{
    public Task<IActorRef> AllocateShard(IActorRef requester, string shardId, IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations)
        => Task.FromResult(currentShardAllocations.OrderBy(region => region.Value.Count).ThenBy(region => region.Key).First().Key);

    public Task<IImmutableSet<string>> Rebalance(IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations, IImmutableSet<string> rebalanceInProgress)
        => Task.FromResult<IImmutableSet<string>>(ImmutableHashSet<string>.Empty);
}
