using System.Text;
using Asha.Actors.Tests.Persistence;
using Asha.Host.Tests.Cli;
using Npgsql;

namespace Asha.Host.Tests.Faults;

/// <summary>Runs whose journal is in a real PostgreSQL.</summary>
public sealed class PostgresRunTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private const string Secret = "value-of-trial-env-5e2c";

    private string Password => new NpgsqlConnectionStringBuilder(server.ConnectionString).Password!;

    private CliSandbox Sandbox(string? script = null)
    {
        var box = SlowTrials.Sandbox(script);
        box.Environment["ASHA_JOURNAL"] = server.ConnectionString;
        return box;
    }

    [Fact]
    public async Task Two_runs_at_a_time_share_a_server_and_one_that_is_killed_goes_on()
    {
        const string Script = "env > \"environment-$trial\"; env | sort\n";
        using var box = Sandbox(Script + SlowTrials.Script());
        using var other = Sandbox(SlowTrials.Script(.02));
        using var asha = box.StartTune("scheduler.trials=15", $"trial.env.TOKEN={Secret}");
        using var beside = other.StartTune("scheduler.trials=15");
        await asha.Until(() => SlowTrials.Events(box, "job-completed") >= 4, "four results");
        asha.KillHard();
        (await beside.EndAsync()).Exits(0);
        await RunAudit.Check(other, server.ConnectionString);

        box.Environment["TOKEN"] = Secret;
        var resumed = (await box.Asha("resume", box.Run, "--json")).Exits(0);
        Assert.Equal("completed", resumed.Json().GetProperty("outcome").GetString());
        await RunAudit.Check(box, server.ConnectionString);
        (await box.Asha("show", box.Run)).Exits(0);

        // The trials had the token, and nobody has the password; neither stands anywhere, but in what a trial itself has printed.
        Assert.Contains(Secret, File.ReadAllText(box.In("environment-0")));
        Assert.DoesNotContain(Password, File.ReadAllText(box.In("environment-0")));
        Assert.Empty(FilesWith(box.Run, Password));
        Assert.All(FilesWith(box.Run, Secret), path => Assert.StartsWith(Path.Combine(box.Run, "logs"), path));
        Assert.DoesNotContain(Password, asha.Out + asha.Error + resumed.Out + resumed.Error);
        var rows = RunAudit.Rows(RunAudit.Postgres(server.ConnectionString), RunAudit.IdOf(box.Run));
        Assert.All(rows, row => Assert.DoesNotContain(Secret, Encoding.UTF8.GetString(row.Lines)));
    }

    [Fact]
    public async Task While_the_server_is_away_the_run_pauses_and_says_so_and_nothing_is_lost_or_counted_twice()
    {
        using var box = Sandbox();
        using var asha = box.StartTune("scheduler.trials=30", "slots=3");
        await asha.Until(() => SlowTrials.Events(box, "job-completed") >= 5, "five results");
        server.Stop();
        try
        {
            var address = new NpgsqlConnectionStringBuilder(server.ConnectionString);
            await asha.Until(() => asha.Error.Contains($") cannot be written: Failed to connect to {address.Host}:{address.Port}: Connection refused. Nothing is started"), "the run says that the server is away");
            await asha.Until(() => SlowTrials.Lines(box, "ends") == SlowTrials.Lines(box, "begins"), "the running trials have ended");
            var (still, known) = (SlowTrials.Lines(box, "begins"), SlowTrials.Events(box));
            await Task.Delay(1000);
            Assert.Equal((still, known), (SlowTrials.Lines(box, "begins"), SlowTrials.Events(box)));
        }
        finally
        {
            server.Start();
        }
        var result = (await asha.EndAsync()).Exits(0);
        Assert.Contains("is written again; nothing was lost", result.Error);
        // What the database said when it went away, and nothing of what that was wrapped in.
        Assert.DoesNotMatch("AggregateException|One or more errors|rolling back|NpgsqlTransaction", result.Error);
        var events = await RunAudit.Check(box, server.ConnectionString);
        Assert.Equal(30, events.Count(happened => CliSandbox.KindOf(happened) == "trial-sampled.1"));
        Assert.Empty(box.Events("attempt-"));
        Assert.Empty(FilesWith(box.Run, Password));
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Database=x;Username=a;Password=geheim-8f41", "cannot be opened: Failed to connect to 127.0.0.1:1: Connection refused")]
    [InlineData("Database=x;Username=a;Password=geheim-8f41", "ASHA_JOURNAL: lacks Host or Database")]
    [InlineData("Host=127.0.0.1;Database=x;Geheim=geheim-8f41", "ASHA_JOURNAL: ")]
    [InlineData("geheim-8f41", "ASHA_JOURNAL: ")]
    [InlineData(null, "password authentication failed for user \"asha\"")]
    public async Task A_server_that_cannot_be_used_is_an_error_at_once_that_tells_no_password(string? given, string says)
    {
        using var box = Sandbox();
        box.Environment["ASHA_JOURNAL"] = given ?? server.ConnectionString.Replace(Password, "geheim-8f41");
        var result = (await box.Tune()).Exits(2);
        Assert.Contains(says, result.Error);
        Assert.DoesNotContain("geheim-8f41", result.Error + result.Out);
        Assert.False(Directory.Exists(box.Runs)); // Nothing of it stays.
    }

    [Fact]
    public async Task A_run_goes_on_only_where_its_journal_is()
    {
        using var box = Sandbox(SlowTrials.Script(.02));
        using var asha = box.StartTune("scheduler.trials=200");
        await asha.Until(() => SlowTrials.Events(box, "job-completed") >= 2, "two results");
        asha.KillHard();
        box.Environment["ASHA_JOURNAL"] = null;
        Assert.Contains("the run's journal is in PostgreSQL, 127.0.0.1:", (await box.Asha("resume", box.Run)).Exits(2).Error);
        box.Environment["ASHA_JOURNAL"] = "Host=127.0.0.1;Port=1;Database=x;Username=a;Password=geheim-8f41";
        Assert.Contains("and not in 127.0.0.1:1/x", (await box.Asha("resume", box.Run)).Exits(2).Error);
    }

    [Fact]
    public async Task Of_two_engines_on_one_journal_one_ends_and_says_why_and_the_journal_is_one_run()
    {
        // Two folders, each held by its own engine, and one journal: only the database can tell.
        using var box = Sandbox(SlowTrials.Script(.3));
        using var asha = box.StartTune("scheduler.trials=1000");
        await asha.Until(() => SlowTrials.Events(box, "job-completed") >= 2, "two results");
        var copy = Path.Combine(box.Folder, "copies", "copy");
        Directory.CreateDirectory(copy);
        foreach (var name in new[] { "journal.json", "experiment.yaml" })
            File.Copy(Path.Combine(box.Run, name), Path.Combine(copy, name));
        File.WriteAllText(Path.Combine(copy, "run.lock"), "");
        using var second = box.Start("resume", copy, "--json");
        var (one, two) = (asha.EndAsync(), second.EndAsync());
        var failed = await Task.WhenAny(one, two);
        Assert.Contains("the engine failed: another engine has written to this run's journal", (await failed).Exits(1).Error);
        // The other one goes on as if nothing were.
        var folder = failed == one ? copy : box.Run;
        var results = Results();
        await (failed == one ? second : asha).Until(() => Results() > results + 2, "the other one goes on");
        (await box.Asha("pause", folder)).Exits(0);
        (await (failed == one ? two : one)).Exits(130);
        int Results() => File.ReadLines(Path.Combine(folder, "events.jsonl")).Count(line => line.Contains("job-completed"));
        var rows = RunAudit.Rows(RunAudit.Postgres(server.ConnectionString), RunAudit.IdOf(box.Run));
        Assert.Equal(Enumerable.Range(1, rows.Count).Select(number => (long)number), rows.Select(row => row.Number));
        Assert.Equal(Encoding.UTF8.GetString([.. rows.SelectMany(row => row.Lines)]), File.ReadAllText(Path.Combine(folder, "events.jsonl")));
        Assert.Contains(" events agree", (await box.Asha("replay", folder)).Exits(0).Out);
    }

    private static IEnumerable<string> FilesWith(string folder, string text) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Where(path => File.ReadAllBytes(path).AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0);
}
