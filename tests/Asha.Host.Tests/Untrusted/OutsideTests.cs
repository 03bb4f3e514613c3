using System.Runtime.InteropServices;
using Asha.Host.Tests.Cli;
using Asha.Tuning;

namespace Asha.Host.Tests.Untrusted;

/// <summary>The real command, with trials that put links into their run's folder: whatever the engine does there later, nothing outside changes.</summary>
public sealed class OutsideTests
{
    /// <summary>Each trial replaces something else, once its own checkpoint is published (what is replaced while the engine is about to write there is not promised to be seen), and before it is reported, kept, pruned, promoted or deleted.</summary>
    private const string Replaces = """
        run=$(cd "$ASHA_CHECKPOINT_DIR/../../.." && pwd)
        save $target $trial
        for ((look = 0; look < 100; look++)); do compgen -G "$ASHA_CHECKPOINT_DIR.*.json" > /dev/null && break; sleep 0.02; done
        replace() { rm -rf "$run/$1"; ln -s "$OUTSIDE$2" "$run/$1"; }
        case $((trial % 9)) in
            0) replace checkpoints/$(printf 'trial-%06d' $trial)/attempt-$attempt;;
            1) replace checkpoints/$(printf 'trial-%06d' $trial);;
            2) replace params/$(printf 'trial-%06d.json' $((trial + 9))) /file;;
            3) replace logs/$(printf 'trial-%06d.log' $((trial + 6))) /file;;
            4) replace checkpoints/$(printf 'trial-%06d' $((trial + 9)));;
            5) replace trials.csv /file; replace experiment.yaml.new /file; replace run.holder.new /file;;
            6) replace checkpoints/$(printf 'trial-%06d' $trial)/attempt-$attempt/other /file; echo "@asha {\"resource\": $target, \"metric\": $trial, \"checkpoint\": \"other\"}";;
        esac
        """;

    [Theory]
    [InlineData("asha")]
    [InlineData("sha")]
    public async Task Links_in_the_place_of_what_the_engine_writes_and_deletes_lead_nowhere(string type)
    {
        using var box = new CliSandbox(Replaces);
        var outside = Outside(box);
        var before = Everything(outside);
        var tuned = await box.Tune($"scheduler.type={type}", "scheduler.trials=27", "trial.max-attempts=2", "trial.retry-back-off.first=1ms", "trial.checkpoint-budget=1MB");
        Assert.True(tuned.Code is 0 or 1, tuned.ToString());
        Assert.Equal(before, Everything(outside));
        Assert.Null(new FileInfo(Path.Combine(box.Run, "trials.csv")).LinkTarget);
        var failures = box.Events("attempt-failed").Select(failed => failed.GetProperty("detail").GetString()).ToList();
        Assert.Contains(failures, detail => detail!.Contains("is a link where Asha keeps a f", StringComparison.Ordinal));
        Assert.DoesNotContain("precious", File.ReadAllText(Path.Combine(box.Run, "events.jsonl")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_in_the_place_of_all_checkpoints_costs_the_run_and_nothing_else()
    {
        using var box = new CliSandbox("""
            run=$(cd "$ASHA_CHECKPOINT_DIR/../../.." && pwd)
            save $target $trial
            for ((look = 0; look < 100; look++)); do compgen -G "$ASHA_CHECKPOINT_DIR.*.json" > /dev/null && break; sleep 0.02; done
            [ "$trial" = 4 ] && mv "$run/checkpoints" "$run/away" && ln -s "$OUTSIDE" "$run/checkpoints"
            true
            """);
        var outside = Outside(box);
        var before = Everything(outside);
        var tuned = await box.Tune("trial.max-attempts=1", "slots=1");
        Assert.True(tuned.Code is 0 or 1, tuned.ToString());
        Assert.Equal(before, Everything(outside));
        Assert.Contains(box.Events("attempt-failed"), failed => failed.GetProperty("detail").GetString()!.Contains("checkpoints' is a link where Asha keeps a folder", StringComparison.Ordinal));
    }

    [Fact]
    public async Task With_no_umask_at_all_a_run_is_its_users_alone()
    {
        using var box = new CliSandbox();
        using (var shell = box.StartShell("umask 0; asha tune tiny.yaml --json"))
            (await shell.EndAsync()).Exits(0);
        IsPrivate(box.Run);
    }

    [Fact]
    public async Task A_run_of_a_NET_program_is_its_users_alone_with_no_umask_at_all()
    {
        var root = Directory.CreateTempSubdirectory("asha-private-").FullName;
        var umask = Umask(0);
        try
        {
            var space = new SearchSpace();
            space.Uniform("x", 0, 1);
            var options = new TuningOptions
            {
                Name = "private",
                Metric = Metric.Minimize("loss"),
                Resource = new Resource("epoch", Max: 4) { Min = 1 },
                Space = space,
                Scheduler = Scheduler.Asha(trials: 4),
                Slots = 1,
                RunsFolder = root,
            };
            await Tuner.RunAsync(options, (trial, _) =>
            {
                trial.Report(trial.Target, 1);
                return Task.CompletedTask;
            });
        }
        finally
        {
            _ = Umask(umask);
        }
        IsPrivate(Assert.Single(Directory.GetDirectories(root)));
        Directory.Delete(root, recursive: true);
    }

    /// <summary>Nobody else comes into the folder; and what has the run's events in it stays private where it is copied with its mode.</summary>
    private static void IsPrivate(string run)
    {
        Assert.Equal(Convert.ToInt32("700", 8), (int)Mode(run));
        foreach (var name in new[] { "events.jsonl", "journal.db", "journal.json" })
            Assert.True(Mode(Path.Combine(run, name)) == Convert.ToInt32("600", 8), $"{name} has mode {Convert.ToString(Mode(Path.Combine(run, name)), 8)}.");
    }

    private static int Mode(string path) => OperatingSystem.IsWindows() ? throw new PlatformNotSupportedException() : (int)File.GetUnixFileMode(path);

    private static string Outside(CliSandbox box)
    {
        var outside = Directory.CreateDirectory(box.In("outside")).FullName;
        foreach (var path in new[] { "file", "state", "attempt-1/state", "attempt-2/state", "trial-000004/attempt-1/state", "trial-000001/state", "trial-000001.log" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(outside, path))!);
            File.WriteAllText(Path.Combine(outside, path), "precious");
        }
        box.Environment["OUTSIDE"] = outside;
        return outside;
    }

    private static List<string> Everything(string outside)
        => [.. Directory.EnumerateFileSystemEntries(outside, "*", SearchOption.AllDirectories).Select(path => $"{path} {(File.Exists(path) ? File.ReadAllText(path) : "")}").Order(StringComparer.Ordinal)];

    [DllImport("libc", EntryPoint = "umask")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Umask(int mask);
}
