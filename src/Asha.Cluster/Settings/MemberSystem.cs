using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Hosting.Logging;
using Asha.Cluster.Logs;
using Asha.Cluster.Security;
using Asha.Tuning;
using Microsoft.Extensions.Logging;

namespace Asha.Cluster.Settings;

/// <summary>
/// A process's actor system in the cluster, one after the other: whoever is downed is quarantined by the others, and comes back only with a new one.
/// </summary>
/// <param name="settings">Where it listens, and whom it joins.</param>
/// <param name="identity">By what the others know it; <c>null</c>: plain text.</param>
/// <param name="log">Where the engine's words go.</param>
/// <param name="first">Settings that come before the rest, as text.</param>
/// <param name="setups">What else the system is made with.</param>
internal sealed class MemberSystem(MemberSettings settings, TlsIdentity? identity, ILoggerFactory log, string first = "", params Setup[] setups)
{
    private readonly Config _config = ClusterConfig.Of(settings, $"{MemberLogger.Settings(settings.Log.Level)}\n{first}");

    private readonly SilentDoors? _silent = settings.Role == ClusterConfig.Node ? new(settings.Join.Count) : null;
    private readonly ClosedDoors? _closed = identity is null ? null : new();

    private bool _hasStarted;

    /// <summary>A member that has joined others and is not up after this time, or half as long again, begins anew.</summary>
    public TimeSpan JoinAgainAfter => _config.GetTimeSpan("asha.cluster.join-again-after");

    /// <summary>Leaving in order ought to take no longer.</summary>
    public TimeSpan LeaveWithin => _config.GetTimeSpan("asha.cluster.leave-within");

    /// <summary>So long what trials report after SIGTERM counts; then their node leaves.</summary>
    public TimeSpan TrialsCountWithin => _config.GetTimeSpan("asha.cluster.trials-count-within");

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
            if (_hasStarted)
                CheckThere();
            else
                CheckFree();
            _hasStarted = true;
            return ActorSystem.Create(ClusterConfig.System, setup);
        }
        catch (Exception error) when (Causes(error).OfType<SocketException>().FirstOrDefault() is { } refused)
        {
            throw new UserErrorException($"listen: {settings.Listen}: cannot be listened on: {refused.Message}", HostPort.Advice(refused));
        }
    }

    /// <summary>
    /// Makes it once more, after the one before has ended: as often as it takes, since what made that one end (the link, the machine's address, its name's) may be why it cannot listen at that moment, and what runs here runs on.
    /// </summary>
    /// <param name="say">Tells people: at first, and then every tenth time.</param>
    /// <param name="leave">Ends the tries.</param>
    /// <returns><c>null</c>: it is to leave.</returns>
    public async Task<ActorSystem?> StartAgainAsync(Action<string> say, CancellationToken leave)
    {
        for (var tries = 1; !leave.IsCancellationRequested; tries++)
        {
            try
            {
                return Start();
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                if (tries % 10 == 1)
                    say($"not back yet: {(error is UserErrorException ? error.Message : $"listen: {settings.Listen}: {error.GetBaseException().Message.TrimEnd('.')}")}; it tries again, every {RefusedTries.Longest.TotalSeconds:0} s in the end");
            }
            await Task.WhenAny(Task.Delay(RefusedTries.PauseBefore(tries), leave)).ConfigureAwait(false);
        }
        return null;
    }

    /// <summary>That the machine has the address: an actor system that cannot listen leaves threads behind.</summary>
    private void CheckThere()
    {
        SocketException? away = null;
        foreach (var address in settings.Listen.Addresses())
        {
            try
            {
                using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(address, 0));
                return;
            }
            catch (SocketException none)
            {
                away = none;
            }
        }
        if (away is not null)
            throw away;
    }

    /// <summary>Akka has .NET listen in such a way that two processes can have one port of Linux, each of which then gets some of what was for the other.</summary>
    private void CheckFree()
    {
        foreach (var address in settings.Listen.Port == 0 ? [] : settings.Listen.Addresses())
        {
            try
            {
                using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(address, settings.Listen.Port));
            }
            catch (SocketException other) when (other.SocketErrorCode != SocketError.AddressAlreadyInUse)
            {
                // One of a name's addresses may be none of this machine: that the right one cannot be had, listening itself says.
            }
        }
    }

    /// <summary>
    /// Runs it until it has to be made anew, or is to leave. Whoever is out of the cluster learns that by its removal or, if the others have forgotten it meanwhile, by a coordinator that takes nothing from it any more. Then nothing is left to be done in order:
    /// whoever calls ends the system at once, and makes another.
    /// </summary>
    /// <param name="system">Made by <see cref="Start"/>.</param>
    /// <param name="up">Called once it is up; a node, once a coordinator is there as well.</param>
    /// <param name="say">Tells people.</param>
    /// <param name="anew">Somebody else's reason to make it anew.</param>
    /// <param name="leave">Has it leave in order.</param>
    /// <returns>Why it has to be made anew; <c>null</c>: it is to leave.</returns>
    public async Task<string?> RunAsync(ActorSystem system, Action up, Action<string> say, Task<string> anew, CancellationToken leave)
    {
        var cluster = Akka.Cluster.Cluster.Get(system);
        var isUp = Signal();
        var isOut = Signal();
        cluster.RegisterOnMemberUp(() => isUp.TrySetResult());
        cluster.RegisterOnMemberRemoved(() => isOut.TrySetResult());
        Address[] coordinators = [.. settings.Join.Select(coordinator => Address.Parse(ClusterConfig.Address(settings, coordinator)))];
        system.ActorOf(QuarantineWatch.Props(coordinators, () => isOut.TrySetResult()), "quarantine");
        system.ActorOf(FailedTries.Props(coordinators, _silent, _closed, say), "failed-tries");
        var (isLed, isAlone) = (Signal(), Signal());
        if (settings.Role == ClusterConfig.Node)
        {
            system.ActorOf(CoordinatorWatch.Props(() => isLed.TrySetResult(), () => isAlone.TrySetResult()), "coordinators");
        }
        else
        {
            isLed.SetResult();
        }
        var isIn = Task.WhenAll(isUp.Task, isLed.Task);
        var left = Signal();
        await using (leave.Register(() => left.TrySetResult()))
        {
            Task[] ends = [left.Task, isOut.Task, isAlone.Task, system.WhenTerminated, anew];
            if (!await IsUpAsync(cluster, isIn, ends).ConfigureAwait(false) && !ends.Any(end => end.IsCompleted))
                return $"not up after {JoinAgainAfter.TotalSeconds:0} s: too few coordinators are where it has joined ({settings.Majority} of {settings.Join.Count} have to be there)";
            if (isIn.IsCompleted && !left.Task.IsCompleted)
            {
                _silent?.Up();
                _closed?.Up();
                up();
                await Task.WhenAny(ends).ConfigureAwait(false);
            }
        }
        return left.Task.IsCompleted ? null : anew.IsCompletedSuccessfully ? await anew.ConfigureAwait(false) : isAlone.Task.IsCompleted ? "all coordinators are gone" : GivenUp;
    }

    /// <summary>The others have it out.</summary>
    public const string GivenUp = "given up by the others (it could not be reached, or could not reach most of them)";

    /// <summary>Waits until it is up, or ends. Joining is tried for ever; but whoever has joined some that are too few, and stay so, would not hear of others.</summary>
    private async Task<bool> IsUpAsync(Akka.Cluster.Cluster cluster, Task isUp, Task[] ends)
    {
        // Not all at the same time: who begins anew together would meet the same way again.
        var patience = JoinAgainAfter + (Random.Shared.NextDouble() * JoinAgainAfter / 2);
        for (long? joined = null; ;)
        {
            await Task.WhenAny([isUp, Task.Delay(250, CancellationToken.None), .. ends]).ConfigureAwait(false);
            if (isUp.IsCompleted || ends.Any(end => end.IsCompleted))
                return isUp.IsCompleted;
            if (!cluster.State.Members.Any(member => member.UniqueAddress.Equals(cluster.SelfUniqueAddress)))
                joined = null;
            else if (Stopwatch.GetElapsedTime(joined ??= Stopwatch.GetTimestamp()) > patience)
                return false;
        }
    }

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

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
