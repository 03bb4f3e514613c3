using System.Collections.Concurrent;
using System.Threading.Channels;
using Asha.Actors.Execution;
using Asha.Core.Experiments;
using Asha.Core.Spaces;
using Microsoft.Extensions.Time.Testing;

namespace Asha.Actors.Tests.Execution;

/// <summary>A run folder and a folder of scripts of one test, with a token of its own. It checks that no process is left.</summary>
internal sealed class TrialSandbox : IDisposable
{
    private readonly string _folder = Libc.RealPath(Directory.CreateTempSubdirectory("asha-trial-").FullName)!;
    private readonly Channel<TrialReport> _reports = Channel.CreateUnbounded<TrialReport>();

    public TrialSandbox()
    {
        Scripts = Directory.CreateDirectory(Path.Combine(_folder, "scripts")).FullName;
        RunFolder = Path.Combine(_folder, "run");
    }

    public string Scripts { get; }

    public string RunFolder { get; }

    public string Token { get; } = Guid.NewGuid().ToString("N");

    /// <summary>All reports so far.</summary>
    public ConcurrentQueue<TrialReport> Reports { get; } = new();

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 24, 10, 15, 0, TimeSpan.Zero));

    public string Log(int trial = 0) => File.ReadAllText(Path.Combine(RunFolder, "logs", $"trial-{trial:D6}.log"));

    /// <summary>Waits until the trial says that it is so far.</summary>
    public async Task<TrialReport> NextReport() => await _reports.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public string Script(string text, string name = "train.sh")
    {
        var path = Path.Combine(Scripts, name);
        File.WriteAllText(path, text);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        return path;
    }

    public TrialSpec Bash(string script) => new() { Command = ["bash", Script(script)], Directory = Scripts };

    public static TrialLaunch Launch(int trial = 0, int attempt = 1, double target = 9)
        => new() { Trial = trial, Attempt = attempt, Seed = 7, Configuration = Configuration.Empty, Start = 0, Target = target };

    public ProcessTrialRunner Runner(TrialSpec spec, RunnerOptions? options = null, TimeProvider? time = null)
        => new(spec, RunFolder, "test-20261124-101500", Token, time ?? Clock, options);

    /// <summary>Runs a trial; its clock stands still unless the test moves it.</summary>
    public Task<TrialEnding> Run(TrialSpec spec, TrialLaunch? launch = null, CancellationToken stop = default)
        => Runner(spec).RunAsync(launch ?? Launch(), Collect, stop).WaitAsync(TimeSpan.FromSeconds(60), CancellationToken.None);

    public Task<TrialEnding> RunBash(string script, TrialLaunch? launch = null, CancellationToken stop = default)
        => Run(Bash(script), launch, stop);

    public void Collect(TrialReport report)
    {
        Reports.Enqueue(report);
        _reports.Writer.TryWrite(report);
    }

    public IReadOnlyList<int> Left() => [.. new ProcessTokens().Carriers(token => token.StartsWith(Token)).Select(carrier => carrier.Pid)];

    public void Dispose()
    {
        var left = Left();
        if (left.Count > 0)
            ProcessSweeper.EndAll(Token);
        Directory.Delete(_folder, recursive: true);
        Assert.Empty(left);
    }
}
