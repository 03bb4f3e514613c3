using System.Data.Common;
using System.Diagnostics;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.Singleton;
using Akka.Persistence.Sql.Config;
using Asha.Actors;
using Asha.Actors.Execution;
using Asha.Actors.Metrics;
using Asha.Cluster.Api;
using Asha.Cluster.Metrics;
using Asha.Cluster.Nodes;
using Asha.Cluster.Security;
using Asha.Cluster.Settings;
using Asha.Tuning.Journals;
using LinqToDB;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Asha.Cluster.Coordinators;

/// <summary>A coordinator as a process: a member of the cluster, made anew when the others have given it up, until somebody has it leave.</summary>
/// <param name="settings">What it was told.</param>
/// <param name="log">Where the engine's words go.</param>
/// <param name="say">Tells people what happens, a line each.</param>
/// <param name="formats">How the API reads experiments and writes summaries.</param>
internal sealed class Coordinator(CoordinatorSettings settings, ILoggerFactory log, Action<string> say, ApiFormats formats)
{
    /// <summary>Names of actors that other members look for.</summary>
    public const string Supervisor = "supervisor", Experiments = "experiments";

    private readonly RegistryDoor _door = new(settings.Listen);
    private string _count = "";

    /// <summary>Runs until it has left.</summary>
    /// <returns>Whether it left in order, and in time.</returns>
    /// <exception cref="Tuning.UserErrorException">What it was told cannot be done.</exception>
    public async Task<bool> RunAsync(CancellationToken leave)
    {
        using var held = DataFolder.Hold(settings.Data);
        var identity = settings.Tls is { } files ? TlsIdentity.Load(files, settings.Listen.Host, DateTimeOffset.UtcNow) : null;
        if (!await DatabaseWait.UntilAsync(MakeTables, say, leave).ConfigureAwait(false))
            return true;
        var options = Journal();
        var member = new MemberSystem(settings, identity, log, JournalServer.Settings, new DataOptionsSetup(options));
        using var metrics = new EngineMetrics(TimeProvider.System);
        using var exported = MetricsExport.Of();
        var health = new CoordinatorHealth(_door, Database);
        using var fromNodes = new FilesClient(identity, TimeSpan.FromSeconds(10));
        await using var api = await ApiServer.StartAsync(settings, identity, log, _door, new RunFolds(Database, formats.NewRecord), formats, fromNodes, health, exported).ConfigureAwait(false);
        var refused = new RefusedTries(say, identity?.Refused);
        for (var isFirst = true; ; isFirst = false)
        {
            var system = isFirst ? member.Start() : await member.StartAgainAsync(say, leave).ConfigureAwait(false);
            if (system is null)
                return true;
            if (isFirst)
            {
                say($"coordinator on {settings.Listen}, journal in {(settings.JournalServer is null ? "SQLite" : "PostgreSQL")}, {(identity is null ? "plain text (insecure: true)" : $"certificate valid until {identity.ExpiresAt:yyyy-MM-dd}")}");
                say($"API on {api.Address}, {(settings.TokenFile is null ? "without a token" : "with the token of token-file")}");
            }
            var anew = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            StartActors(system, member, metrics, reason => anew.TrySetResult(reason));
            var reason = await member.RunAsync(system, () =>
            {
                refused.LetIn();
                health.Up(true);
            }, say, anew.Task, leave).ConfigureAwait(false);
            health.Up(false);
            _door.Use(null);
            if (reason is null)
                return await LeaveAsync(system, member).ConfigureAwait(false);
            if (refused.IsRefused(reason))
                refused.Say();
            else
                say($"{reason}; it joins again");
            await system.Terminate().ConfigureAwait(false);
            await refused.AwaitNextTryAsync(leave).ConfigureAwait(false);
        }
    }

    /// <summary>Each actor system begins by saying that nobody is up: once is enough.</summary>
    private void SayCount(string count)
    {
        if (count == _count)
            return;
        _count = count;
        say(count);
    }

    private void StartActors(ActorSystem system, MemberSystem member, EngineMetrics metrics, Action<string> anew)
    {
        var registry = ClusterProxy.Start(system);
        var host = new HostSetup(registry, DataFolder.Runs(settings.Data), AshaActors.ResendInterval(member.Config), say, metrics, formats, (journal, path) => JournalCopy.Write(Database, journal, path), settings.JournalServer is null);
        var region = ClusterSharding.Get(system).Start(
            Experiments, _ => ExperimentHost.Props(host), ClusterShardingSettings.Create(system), new RunExtractor(), new FewestShards(), PoisonPill.Instance);
        var registries = Succession.Props(region, TimeProvider.System, () => anew("another coordinator has the registry that was here"), say, metrics);
        system.ActorOf(ClusterSingletonManager.Props(registries, PoisonPill.Instance, ClusterSingletonManagerSettings.Create(system)), Supervisor);
        system.ActorOf(Rehearsal.Props(), "rehearsal");
        _door.Use(registry);
        system.ActorOf(MemberCount.Props(settings.Join.Count, SayCount, metrics), "members");
        system.ActorOf(Founding.Props(settings, say, anew), Founding.Name);
    }

    private async Task<bool> LeaveAsync(ActorSystem system, MemberSystem member)
    {
        var begun = Stopwatch.GetTimestamp();
        var left = MemberSystem.EndAsync(system);
        if (await Task.WhenAny(left, Task.Delay(member.LeaveWithin)).ConfigureAwait(false) != left)
            say($"still leaving after {member.LeaveWithin.TotalSeconds:0.#} s: what runs here is being handed over, or no other coordinator answers");
        await Task.WhenAny(left, Task.Delay(5 * member.LeaveWithin)).ConfigureAwait(false);
        var took = Stopwatch.GetElapsedTime(begun);
        say(left.IsCompletedSuccessfully ? $"left after {took.TotalSeconds:0.0} s" : $"gone after {took.TotalSeconds:0.0} s without having left in order; the others will notice");
        return left.IsCompletedSuccessfully;
    }

    private void MakeTables()
    {
        // For its user alone, whatever becomes of the folder: SQLite's other files get the mode of this one.
        if (settings.JournalServer is null)
            OwnPath.OpenOrCreate(settings.Data, Path.Combine(settings.Data, SqliteJournal.FileName)).Dispose();
        using var connection = Database();
        RunJournal.MakeTables(connection, isSqlite: settings.JournalServer is null, settings.JournalServer is { } server ? $"PostgreSQL, {RunJournal.Name(server)}" : Path.Combine(settings.Data, SqliteJournal.FileName));
    }

    /// <summary>The registry's journal and all runs'.</summary>
    private DataOptions Journal() => settings.JournalServer is { } server
        ? new DataOptions().UseConnectionString(ProviderName.PostgreSQL15, server)
        : SqliteJournal.Options(settings.Data);

    private DbConnection Database() => settings.JournalServer is { } server ? new NpgsqlConnection(server) : SqliteJournal.Connection(settings.Data);
}

/// <summary>The way to the registry, wherever it is, for any member.</summary>
internal static class ClusterProxy
{
    public static IActorRef Start(ActorSystem system)
        => system.ActorOf(ClusterSingletonProxy.Props($"/user/{Coordinator.Supervisor}", ClusterSingletonProxySettings.Create(system)), "registry");
}
