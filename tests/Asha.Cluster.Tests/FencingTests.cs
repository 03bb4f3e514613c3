using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Asha.Cluster.Tests.Harness;
using Npgsql;
using Xunit.Abstractions;

namespace Asha.Cluster.Tests;

/// <summary>A coordinator that is frozen while it has a run, and wakes when another has taken it over, writes nothing of it any more. It is the journal's table that says so, and it is looked at as anybody would, with psql.</summary>
[Collection(SharedClusters.Three)]
public sealed class FencingTests(ITestOutputHelper print, ThreeCoordinators three)
{
    [CheckedFact]
    public async Task The_frozen_owner_of_a_run_writes_nothing_after_the_takeover()
    {
        three.PrintTo(print);
        var (cluster, coordinators) = (three.Cluster, three.Coordinators);
        var run = await WitnessedRun.StartAsync(cluster);
        var index = await run.OwnerAsync();
        var frozen = coordinators[index];
        await AllSayAsync(run.Name, cluster.Ports[index]);
        var (said, logged, begun) = (frozen.Mark, frozen.LogMark, Stopwatch.GetTimestamp());
        frozen.Signal("STOP");
        await Waiting.UntilAsync("the run is taken over", () => Writers(run.Name).Length == 2);
        print.WriteLine($"  taken over {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s after it was frozen");
        // What its nodes said to it before they knew is in its sockets: it has something to write when it wakes.
        frozen.Signal("CONT");
        await frozen.SaysAsync("given up by the others", Member.Patience, said);
        await run.GoesOnAsync("start");
        await IsBackAsync(frozen, said);
        // Whether it came to that is a matter of which of its connections are read first: then the number of its next entry was taken.
        print.WriteLine($"  it {(frozen.Log.IndexOf("another engine has written to this run's journal", logged, StringComparison.Ordinal) < 0 ? "did not get so far as to try" : "tried to write, and was refused")}");
        await run.EndsAsync(print, three.Journal);

        var writers = Writers(run.Name);
        foreach (var (writer, first, last, count) in writers)
            print.WriteLine($"  psql: {writer} wrote entries {first} to {last}, {count} of them");
        // On a machine that is busy enough a third may follow the second: that is told here, and is no matter of fencing.
        if (writers.Length > 2)
            print.WriteLine($"  taken over {writers.Length - 1} times:\n{three.RegistryStory()}");
        Assert.All(writers.Zip(writers.Skip(1)), pair => Assert.True(pair.First.Last < pair.Second.First, "an old writer wrote after the takeover"));
        Assert.True(writers.Length > 1, "nobody followed");
        Assert.All(writers, writer => Assert.Equal(writer.Count, writer.Last - writer.First + 1));
        Assert.Contains("experiment-taken-over", Psql($"SELECT convert_from(message, 'UTF8') FROM journal WHERE persistence_id = 'run-{run.Name}' AND sequence_number = {writers[1].First}"), StringComparison.Ordinal);
        await TheCheckerNoticesAsync(run.Name, writers[0].Writer);
    }

    /// <summary>What it was writing holds the place of the run's next entry, which its successor needs; nobody tells the server that it will not go on.</summary>
    [CheckedFact]
    public async Task An_owner_that_is_frozen_amid_a_transaction_does_not_keep_the_next_one_from_writing()
    {
        three.PrintTo(print);
        var (cluster, coordinators) = (three.Cluster, three.Coordinators);
        var run = await WitnessedRun.StartAsync(cluster);
        var frozen = coordinators[await run.OwnerAsync()];
        var said = frozen.Mark;
        long begun;
        await using (var connection = new NpgsqlConnection($"{three.Journal};Pooling=false"))
        {
            // Not pooled: another test stops the server, and would be given what is left of this connection. The owner's entry waits for this lock; by the time that the lock is gone it is frozen, and cannot go on.
            await connection.OpenAsync();
            await using var lockOfAll = await connection.BeginTransactionAsync();
            await using var command = new NpgsqlCommand("LOCK TABLE journal IN SHARE MODE", connection);
            await command.ExecuteNonQueryAsync();
            await Waiting.UntilAsync("it writes", () => Psql("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ILIKE 'INSERT INTO%journal%'").Trim() != "0");
            begun = Stopwatch.GetTimestamp();
            frozen.Signal("STOP");
        }
        // Of others that waited for the lock, none stays so.
        await Waiting.UntilAsync("its transaction is open", () => Psql("SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction' AND state_change < clock_timestamp() - interval '1s'").Trim() != "0");
        await Waiting.UntilAsync("another writes", () => Writers(run.Name).Length == 2);
        var took = Stopwatch.GetElapsedTime(begun);
        print.WriteLine($"  another wrote {took.TotalSeconds:0.0} s after it was frozen");
        Assert.True(took < TimeSpan.FromSeconds(30)); // The one that waits tries again after 30 s at the latest: it must not come to that.
        await run.GoesOnAsync("start");
        frozen.Signal("CONT");
        await frozen.SaysAsync("given up by the others", Member.Patience, said);
        await IsBackAsync(frozen, said);
        await run.EndsAsync(print, three.Journal);
    }

    /// <summary>It is in the cluster again, after what it said of having been given up.</summary>
    private static Task IsBackAsync(Member frozen, int said) => frozen.SaysAsync(ThreeCoordinators.Complete, Member.Patience, frozen.Said.IndexOf("given up by the others", said, StringComparison.Ordinal));

    /// <summary>Had the old one written the last entry, or had an attempt been two processes, the checker would not be content.</summary>
    private async Task TheCheckerNoticesAsync(string run, string old)
    {
        var last = $"persistence_id = 'run-{run}' AND sequence_number = (SELECT max(sequence_number) FROM journal WHERE persistence_id = 'run-{run}')";
        var owner = Psql($"SELECT writer_uuid FROM journal WHERE {last}").Trim();
        Psql($"UPDATE journal SET writer_uuid = '{old}' WHERE {last}");
        var (code, said) = await Checker.LookAsync(print, three.Journal, run, three.Cluster.Folder);
        Assert.Equal(1, code);
        Assert.Contains($"of {old}, who had been followed by ", said, StringComparison.Ordinal);
        Psql($"UPDATE journal SET writer_uuid = '{owner}' WHERE {last}");

        var log = Path.Combine(three.Cluster.Folder, "log");
        var line = File.ReadLines(log).First(line => line.Contains($" start {run} ", StringComparison.Ordinal));
        File.AppendAllText(log, $"{line}\n");
        (code, said) = await Checker.LookAsync(print, three.Journal, run, three.Cluster.Folder);
        Assert.Equal(1, code);
        Assert.Contains("was 2 processes", said, StringComparison.Ordinal);
    }

    /// <summary>Whichever coordinator is asked over HTTP, the one that has the run included, they say the same of who that is.</summary>
    private async Task AllSayAsync(string run, int port)
    {
        using var client = new HttpClient();
        foreach (var coordinator in three.Coordinators)
        {
            var list = await client.GetFromJsonAsync<JsonObject>(new Uri($"{coordinator.Api}/v1/experiments"));
            Assert.Equal($"127.0.0.1:{port}", list!["experiments"]!.AsArray().Single(entry => entry!["run"]!.GetValue<string>() == run)!["coordinator"]?.GetValue<string>());
        }
    }

    /// <summary>Who wrote which entries of a run, in the order in which they began.</summary>
    private (string Writer, long First, long Last, long Count)[] Writers(string run) =>
    [
        .. Psql($"SELECT writer_uuid, min(sequence_number), max(sequence_number), count(*) FROM journal WHERE persistence_id = 'run-{run}' GROUP BY writer_uuid ORDER BY 2")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(row => row.Split('|')).Select(row => (row[0], Number(row[1]), Number(row[2]), Number(row[3]))),
    ];

    private string Psql(string command)
    {
        var at = new NpgsqlConnectionStringBuilder(three.Journal);
        return Tool.Run("env", $"PGPASSWORD={at.Password}", "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", at.Host!, "-p", $"{at.Port}", "-U", at.Username!, "-d", at.Database!, "-c", command);
    }

    private static long Number(string text) => long.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
