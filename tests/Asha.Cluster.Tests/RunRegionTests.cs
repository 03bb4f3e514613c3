using Akka;
using Akka.Actor;
using Akka.TestKit;
using Asha.Actors.Messages;
using Asha.Cluster.Settings;
using Asha.Cluster.Tests.Harness;

namespace Asha.Cluster.Tests;

/// <summary>A coordinator that leaves hands its shards over, and its region goes a moment before its registry does: what is to be woken from then on is woken through another coordinator's.</summary>
public sealed class RunRegionTests() : RegistryKit($$"""
    akka.cluster.roles = [{{ClusterConfig.Coordinator}}]
    akka.coordinated-shutdown.phases.before-service-unbind.timeout = 60s
    """)
{
    /// <summary>Stands where a region stands: at the same path in each coordinator.</summary>
    private sealed class Region(IActorRef hosts) : UntypedActor
    {
        protected override void OnReceive(object message) => hosts.Forward(message);
    }

    [Fact]
    public async Task A_registry_whose_coordinator_leaves_wakes_through_anothers_region()
    {
        using var other = ActorSystem.Create(Sys.Name, Sys.Settings.Config);
        var (own, others) = (CreateTestProbe("own"), CreateTestProbe("others"));
        var region = Stand(Sys, own);
        Stand(other, others);
        await JoinAsync(Sys, Sys);
        await JoinAsync(other, Sys);
        Follow(region);
        var before = Submit("before");
        own.FishForMessage<WakeRun>(wake => wake.Run == before);
        Registry.Tell(new RunAwake(before), own);

        var (isLooked, leaves) = (new TaskCompletionSource<Done>(TaskCreationOptions.RunContinuationsAsynchronously), CoordinatedShutdown.Get(Sys));
        leaves.AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "look", () => isLooked.Task);
        var left = leaves.Run(CoordinatedShutdown.ClusterLeavingReason.Instance);
        var after = Submit("after");
        others.FishForMessage<WakeRun>(wake => wake.Run == after);
        Ask<RegistryDone>(new CancelExperiment(after));
        others.FishForMessage<EndRun>(end => end.Run == after);
        Assert.DoesNotContain(own.ReceiveWhile<object>(message => message, max: TimeSpan.FromSeconds(1), idle: TimeSpan.FromSeconds(0.1)), message => message is WakeRun wake && wake.Run == after);
        isLooked.SetResult(Done.Instance);
        await left;
        await other.Terminate();

        static IActorRef Stand(ActorSystem system, TestProbe hosts) => system.ActorOf(Props.Create(() => new Region(hosts.Ref)), "runs");
    }

    private static Task JoinAsync(ActorSystem system, ActorSystem first) => Akka.Cluster.Cluster.Get(system).JoinAsync(Akka.Cluster.Cluster.Get(first).SelfAddress);
}
