using System.Diagnostics;
using Akka.Actor;
using Akka.Configuration;
using Akka.Hosting.Logging;
using Asha.Actors;
using Asha.Actors.Execution;
using Asha.Actors.Messages;
using Asha.Actors.Metrics;
using Asha.Cluster.Coordinators;
using Asha.Cluster.Logs;
using Asha.Cluster.Metrics;
using Asha.Cluster.Security;
using Asha.Cluster.Settings;
using Microsoft.Extensions.Logging;

namespace Asha.Cluster.Nodes;

/// <summary>
/// A node as a process, with two actor systems: <em>agent</em>, without a network, has the NodeActor and the trials, and lives as long as the process; <em>asha</em> is the member of the cluster, and has nothing but the link. When that is given up by
/// the others, another follows it.
/// </summary>
/// <param name="settings">What it was told.</param>
/// <param name="log">Where the engine's words go.</param>
/// <param name="say">Tells people what happens, a line each.</param>
internal sealed class NodeProcess(NodeSettings settings, ILoggerFactory log, Action<string> say)
{
    private static readonly Task<string> _nothing = new TaskCompletionSource<string>().Task;

    /// <summary>Whether the NodeActor has ended by itself, and whether that was in order; otherwise it has failed.</summary>
    private volatile bool _hasEnded, _isInOrder;

    /// <summary>Whether it is up in the cluster, and not leaving it.</summary>
    private volatile bool _isIn;

    /// <summary>Runs until it has left.</summary>
    /// <returns>Whether it left in order, and its trials are gone.</returns>
    /// <exception cref="Tuning.UserErrorException">What it was told cannot be done.</exception>
    public async Task<bool> RunAsync(CancellationToken leave)
    {
        using var held = DataFolder.Hold(settings.Data);
        var identity = settings.Tls is { } files ? TlsIdentity.Load(files, settings.Listen.Host, DateTimeOffset.UtcNow) : null;
        using var fetcher = settings.Checkpoints is null ? new CheckpointFetcher(new FilesClient(identity, CheckpointFetcher.Patience), log.CreateLogger<CheckpointFetcher>()) : null;
        var runs = new NodeRuns(DataFolder.Runs(settings.Data), settings.Checkpoints, fetcher, new SaidLines(say));
        runs.EndOrphans();
        await using var server = await KeptPort.StartAsync(settings.HandsOutAt, settings.Data, at => FilesServer.StartAsync(at, identity, log, settings.HandsOutCheckpoints ? runs.StoreOf : _ => null, runs.LogOf)).ConfigureAwait(false);
        say(settings.HandsOutCheckpoints ? $"checkpoints can be fetched from {server.Address}, and what trials print" : $"what trials print is handed out at {server.Address}");
        using var metrics = new EngineMetrics(TimeProvider.System);
        using var exported = settings.Metrics is null ? null : MetricsExport.Of();
        await using var scraped = exported is null ? null : await MetricsServer.StartAsync(settings.Metrics!, settings, identity, log, exported, Problem).ConfigureAwait(false);
        if (scraped is not null)
            say($"metrics on {scraped.Address}/metrics");
        var agent = Agent();
        try
        {
            var uplink = agent.ActorOf(Props.Create(() => new Uplink()), "uplink");
            var node = agent.ActorOf(NodeActor.Props(Setup(runs, uplink, server.Address, metrics), ActorRefs.Nobody), "node");
            return await RunAsync(identity, uplink, node, leave).ConfigureAwait(false);
        }
        finally
        {
            await agent.Terminate().ConfigureAwait(false);
            runs.Dispose();
        }
    }

    private async Task<bool> RunAsync(TlsIdentity? identity, IActorRef uplink, IActorRef node, CancellationToken leave)
    {
        var member = new MemberSystem(settings, identity, log);
        // A node that was drained stops by itself: then there is nothing left to be a member for.
        var drained = node.WatchAsync(CancellationToken.None);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(leave);
        _ = drained.ContinueWith(_ =>
        {
            _hasEnded = true;
            ending.Cancel();
        }, TaskScheduler.Default);
        var refused = new RefusedTries(say, identity?.Refused);
        for (var isFirst = true; ; isFirst = false)
        {
            var system = isFirst ? member.Start() : await member.StartAgainAsync(say, ending.Token).ConfigureAwait(false);
            if (system is null)
                return await LeaveAsync(null, member, uplink, node).ConfigureAwait(false);
            if (isFirst)
                say($"node {settings.Name} with {settings.Slots} slot{(settings.Slots == 1 ? "" : "s")}, joining {string.Join(", ", settings.Join)}, {(identity is null ? "plain text (insecure: true)" : $"certificate valid until {identity.ExpiresAt:yyyy-MM-dd}")}");
            var link = system.ActorOf(NodeLink.Props(node, ClusterProxy.Start(system)), NodeLink.Name);
            var reason = await member.RunAsync(system, () =>
            {
                refused.LetIn();
                _isIn = true;
                say(isFirst ? "in the cluster" : "in the cluster again");
                uplink.Tell(new UseLink(link));
                // Whatever it has said so far, nobody has heard.
                node.Tell(JoinAgain.Now);
            }, say, _nothing, ending.Token).ConfigureAwait(false);
            _isIn = false;
            if (reason is null)
                return await LeaveAsync(system, member, uplink, node).ConfigureAwait(false);
            uplink.Tell(new UseLink(null));
            var wasIn = refused.IsIn;
            if (refused.IsRefused(reason))
                refused.Say();
            else if (!wasIn)
                say($"{reason}; it tries again");
            else
                say("cut off: the others have given this node up, or all coordinators are gone; what runs here runs on, and it tries to come back");
            await system.Terminate().ConfigureAwait(false);
            await refused.AwaitNextTryAsync(ending.Token).ConfigureAwait(false);
        }
    }

    /// <summary>Why it is not ready, in a sentence for anybody.</summary>
    private string? Problem() => _isIn ? null : "this node is not in the cluster";

    /// <summary>
    /// Leaves at once. No slot is given out any more, and trials get SIGTERM: what they report until they are gone counts, for a moment. Then it leaves the cluster, and others are given its jobs, while a trial that will not end is waited for, and killed.
    /// </summary>
    private async Task<bool> LeaveAsync(ActorSystem? system, MemberSystem member, IActorRef uplink, IActorRef node)
    {
        var begun = Stopwatch.GetTimestamp();
        var hasFailed = _hasEnded && !_isInOrder;
        if (hasFailed)
            say("the node's engine failed, and its trials were ended; the log says why. It leaves the cluster: its jobs go on elsewhere");
        else if (_hasEnded)
            say("drained: its last job is over, and it leaves the cluster");
        node.Tell(DrainNode.Now);
        var ended = node.GracefulStop(AshaActors.ProcessesEndIn, ShutDownNode.Now);
        await Task.WhenAny(ended, Task.Delay(member.TrialsCountWithin)).ConfigureAwait(false);
        var left = system is null ? Task.CompletedTask : MemberSystem.EndAsync(system);
        if (await Task.WhenAny(left, Task.Delay(member.LeaveWithin)).ConfigureAwait(false) != left)
            say($"still leaving after {member.LeaveWithin.TotalSeconds:0.#} s: no coordinator answers");
        await Task.WhenAny(left, Task.Delay(5 * member.LeaveWithin)).ConfigureAwait(false);
        say(left.IsCompletedSuccessfully
            ? $"left the cluster after {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s{(ended.IsCompleted ? "" : "; waiting for trials to end")}"
            : "gone without having left in order; the others will notice");
        uplink.Tell(new UseLink(null));
        try
        {
            await ended.ConfigureAwait(false);
        }
        catch (TaskCanceledException)
        {
            say($"trials did not end within {AshaActors.ProcessesEndIn.TotalSeconds:0} s; they are killed");
        }
        say($"gone after {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s");
        return left.IsCompletedSuccessfully && !hasFailed;
    }

    private ActorSystem Agent() => ActorSystem.Create("agent", BootstrapSetup.Create()
        .WithConfig(ConfigurationFactory.ParseString(MemberLogger.Settings(settings.Log.Level)).WithFallback(AshaActors.Configuration()))
        .And(new LoggerFactorySetup(log)));

    private NodeSetup Setup(NodeRuns runs, IActorRef uplink, HostPort files, EngineMetrics metrics) => new(
        settings.Name,
        SlotResources.Divide(settings.Slots, [.. SlotResources.DetectCpus().Take(settings.Cpus)], settings.Gpus, settings.Gpus.Count / settings.Slots),
        TrialSlot.Running(runs),
        runs.Release,
        AshaActors.ResendInterval(AshaActors.Configuration())) { Uplink = uplink, Capacities = settings.Capacities, Reports = DataFolder.Reports(settings.Data), Files = files.ToString(), Process = Guid.NewGuid().ToString("N"), Metrics = metrics, EndsInOrder = () => _isInOrder = true };
}
