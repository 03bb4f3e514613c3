using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Asha.Host.Tests.Cli;

/// <summary>
/// A folder of one test, in which commands run. Everything started in it carries a mark of its own in its environment, by which the test finds it again; at the end
/// none of it may be left.
/// </summary>
internal sealed class CliSandbox : IDisposable
{
    private const string MarkVariable = "CLI_TEST_MARK";

    /// <summary>What every trial script begins with. No forks: a trial takes a few milliseconds.</summary>
    private const string Prologue = """
        trial=$ASHA_TRIAL_ID attempt=$ASHA_ATTEMPT start=$ASHA_START_RESOURCE target=$ASHA_TARGET_RESOURCE
        report() { echo "@asha {\"resource\": $1, \"metric\": $2}"; }
        save() { echo "$1" > "$ASHA_CHECKPOINT_DIR/state"; echo "@asha {\"resource\": $1, \"metric\": $2, \"checkpoint\": \"state\"}"; }
        echo "attempt $attempt from $start to $target, resumes from ${ASHA_RESUME_FROM:+$(<"$ASHA_RESUME_FROM")}"

        """;

    private readonly string _mark = Guid.NewGuid().ToString("N");

    /// <summary>A sandbox with an experiment <c>tiny.yaml</c>, whose trials do what the script says.</summary>
    /// <param name="script">The body of <c>trial.sh</c>; left out: the metric is the number of the trial, so that trial 0 is the best.</param>
    public CliSandbox(string script = "save $target $trial")
    {
        Folder = Directory.CreateTempSubdirectory("asha-cli-").FullName;
        Write("trial.sh", Prologue + script + "\n");
        Write("tiny.yaml", """
            name: tiny
            metric: {name: loss, mode: min}
            resource: {name: epoch, min: 1, max: 9}
            scheduler: {type: asha, reduction-factor: 3, trials: 9}
            space:
              x: {type: uniform, min: 0, max: 1}
            trial:
              command: [bash, trial.sh]
            slots: 2

            """);
    }

    public string Folder { get; }

    public string Runs => In("runs");

    /// <summary>The folder of the one run.</summary>
    public string Run => Assert.Single(Directory.GetDirectories(Runs));

    /// <summary>What commands find in their environment besides that of the tests; <c>null</c>: not there.</summary>
    public Dictionary<string, string?> Environment { get; } = [];

    public string In(string name) => Path.Combine(Folder, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(In(name), text);
        return In(name);
    }

    public AshaProcess Start(params string[] arguments) => Start(AshaProcess.Info(arguments));

    /// <summary>Starts a line of bash in which <c>asha</c> is the command.</summary>
    public AshaProcess StartShell(string line)
        => Start(new ProcessStartInfo("bash", ["-c", $"asha() {{ {AshaProcess.CommandLine} \"$@\"; }}; {line}"]));

    public async Task<AshaResult> Asha(params string[] arguments)
    {
        using var process = Start(arguments);
        return await process.EndAsync();
    }

    public AshaProcess StartTune(params string[] set) => Start(["tune", "tiny.yaml", "--json", .. set.SelectMany(change => new[] { "--set", change })]);

    /// <summary>Runs <c>asha tune tiny.yaml --json</c> with changes to the experiment.</summary>
    public async Task<AshaResult> Tune(params string[] set)
    {
        using var process = StartTune(set);
        return await process.EndAsync();
    }

    /// <summary>The events of the run, read without any code of Asha's.</summary>
    public IReadOnlyList<JsonElement> Events(string kind = "")
        => [.. File.ReadLines(Path.Combine(Run, "events.jsonl")).Select(line => JsonDocument.Parse(line).RootElement).Where(line => KindOf(line).StartsWith(kind))];

    public static string KindOf(JsonElement happened) => happened.GetProperty("event").GetString()!;

    /// <summary>The rows of <c>trials.csv</c> by column; no value in these tests needs quotes.</summary>
    public IReadOnlyList<Dictionary<string, string>> Csv()
    {
        var lines = File.ReadAllLines(Path.Combine(Run, "trials.csv"));
        var heads = lines[0].Split(',');
        return [.. lines.Skip(1).Select(line => heads.Zip(line.Split(',')).ToDictionary(cell => cell.First, cell => cell.Second))];
    }

    public string Log(int trial) => File.ReadAllText(Path.Combine(Run, "logs", $"trial-{trial:D6}.log"));

    /// <summary>Below the run's folder of checkpoints, relative to it, with folders that are empty; the hash in a manifest's name is left out.</summary>
    public IReadOnlyList<string> Checkpoints()
    {
        var root = Path.Combine(Run, "checkpoints");
        return !Directory.Exists(root)
            ? []
            : [.. Directory.EnumerateFileSystemEntries(root, "*", SearchOption.AllDirectories).Select(path => System.Text.RegularExpressions.Regex.Replace(Path.GetRelativePath(root, path), "\\.[0-9a-f]{16}\\.json$", ".json")).Order(StringComparer.Ordinal)];
    }

    /// <summary>What runs of all that was started in this sandbox.</summary>
    public IReadOnlyList<int> Processes()
    {
        var entry = Encoding.UTF8.GetBytes($"{MarkVariable}={_mark}");
        var found = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var pid) && Environ(folder).AsSpan().IndexOf(entry) >= 0)
                found.Add(pid);
        }
        return found;
    }

    /// <summary>Nothing is left, now.</summary>
    public void NothingRuns() => Assert.Empty(Processes().Select(Describe));

    /// <summary>Nothing is left after so long.</summary>
    public async Task NothingRunsWithin(TimeSpan limit)
    {
        for (var start = Stopwatch.GetTimestamp(); Processes().Count > 0 && Stopwatch.GetElapsedTime(start) < limit;)
            await Task.Delay(20);
        NothingRuns();
    }

    public void Dispose()
    {
        var left = Processes().Select(pid => (Pid: pid, Command: Describe(pid))).ToArray();
        foreach (var (pid, _) in left)
        {
            try
            {
                using var process = Process.GetProcessById(pid);
                process.Kill();
            }
            catch (ArgumentException)
            {
                // It has ended meanwhile.
            }
        }
        Directory.Delete(Folder, recursive: true);
        Assert.Empty(left);
    }

    /// <summary>Starts any program, as a part of this test.</summary>
    public AshaProcess Start(ProcessStartInfo info)
    {
        info.WorkingDirectory = Folder;
        foreach (var (name, value) in Environment)
            info.Environment[name] = value;
        info.Environment[MarkVariable] = _mark;
        return new AshaProcess(info);
    }

    private static byte[] Environ(string folder)
    {
        try
        {
            return File.ReadAllBytes(Path.Combine(folder, "environ"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return []; // It has ended, or is another user's.
        }
    }

    private static string Describe(int pid)
    {
        try
        {
            return $"{pid}: {File.ReadAllText($"/proc/{pid}/cmdline").Replace('\0', ' ')}";
        }
        catch (IOException)
        {
            return $"{pid}";
        }
    }
}
