using System.Net.Sockets;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Hosting.Logging;
using Asha.Cluster.Security;
using Asha.Tuning;
using Microsoft.Extensions.Logging;

namespace Asha.Cluster.Settings;

/// <summary>
/// A process's actor system in the cluster, one after the other: whoever is downed is quarantined by the others, and comes back only with a new one.
/// </summary>
/// <param name="settings">Where it listens, and whom it joins.</param>
/// <param name="role">The member's.</param>
/// <param name="identity">By what the others know it; <c>null</c>: plain text.</param>
/// <param name="log">Where the engine's words go.</param>
/// <param name="first">Settings that come before the rest, as text.</param>
/// <param name="setups">What else the system is made with.</param>
internal sealed class MemberSystem(MemberSettings settings, string role, TlsIdentity? identity, ILoggerFactory log, string first = "", params Setup[] setups)
{
    /// <summary>Akka's own logger writes to standard output, which belongs to the user.</summary>
    private static readonly string Logging = $"akka.loggers = [\"{typeof(LoggerFactoryLogger).AssemblyQualifiedName}\"]";

    private readonly Config _config = ClusterConfig.Of(settings, role, $"{Logging}\n{first}");

    /// <summary>A member that is not up after this time begins anew.</summary>
    public TimeSpan JoinAgainAfter => _config.GetTimeSpan("asha.cluster.join-again-after");

    /// <summary>Leaving in order ought to take no longer.</summary>
    public TimeSpan LeaveWithin => _config.GetTimeSpan("asha.cluster.leave-within");

    /// <summary>The engine's settings.</summary>
    public Config Config => _config;

    /// <summary>Makes it; it joins by itself.</summary>
    /// <exception cref="UserErrorException">Its address cannot be listened on.</exception>
    public ActorSystem Start()
    {
        var setup = setups.Aggregate(
            ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(_config), new LoggerFactorySetup(log)), (all, one) => all.And(one));
        if (identity is not null)
            setup = setup.And(PeerCheck.Setup(identity, TimeProvider.System));
        try
        {
            return ActorSystem.Create(ClusterConfig.System, setup);
        }
        catch (Exception error) when (Causes(error).OfType<SocketException>().FirstOrDefault() is { } refused)
        {
            throw new UserErrorException($"listen: {settings.Listen}: cannot be listened on: {refused.Message}");
        }
    }

    /// <summary>Runs it until it ends, whoever ends it, or until it did not come up in time.</summary>
    /// <param name="system">Made by <see cref="Start"/>.</param>
    /// <param name="up">Called once it is up.</param>
    /// <param name="leave">Has it leave in order.</param>
    /// <returns>Whether it was up.</returns>
    public async Task<bool> RunAsync(ActorSystem system, Action up, CancellationToken leave)
    {
        var isUp = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Akka.Cluster.Cluster.Get(system).RegisterOnMemberUp(() => isUp.TrySetResult());
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (leave.Register(() => left.TrySetResult()))
        {
            if (await Task.WhenAny(isUp.Task, left.Task, system.WhenTerminated, Task.Delay(JoinAgainAfter, leave)).ConfigureAwait(false) == isUp.Task)
            {
                up();
                await Task.WhenAny(left.Task, system.WhenTerminated).ConfigureAwait(false);
            }
        }
        return isUp.Task.IsCompleted;
    }

    /// <summary>Ends it: in order, where it is a member.</summary>
    public static async Task EndAsync(ActorSystem system) => await CoordinatedShutdown.Get(system).Run(CoordinatedShutdown.ClusterLeavingReason.Instance).ConfigureAwait(false);

    private static IEnumerable<Exception> Causes(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
        {
            yield return error;
            if (error is not AggregateException many)
                continue;
            foreach (var inner in many.InnerExceptions.SelectMany(Causes))
                yield return inner;
        }
    }
}
