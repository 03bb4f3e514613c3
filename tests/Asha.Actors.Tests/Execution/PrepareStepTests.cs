using System.Collections.Concurrent;
using System.Threading.Channels;
using Asha.Actors.Execution;
using Asha.Core.Experiments;

namespace Asha.Actors.Tests.Execution;

public sealed class PrepareStepTests : IDisposable
{
    private readonly TrialSandbox _box = new();
    private readonly ConcurrentQueue<string> _lines = new();

    public void Dispose() => _box.Dispose();

    [Fact]
    public async Task Without_a_command_there_is_nothing_to_do()
        => Assert.Equal(new PrepareResult(true, false, ""), await Step(new TrialSpec { Command = ["x"], Directory = "/none" }).RunAsync(_lines.Enqueue, default));

    [Fact]
    public async Task Its_output_is_streamed_and_logged()
    {
        var result = await Run("""
            printf 'one\r\ntwo\n\nlast'
            printf 'x%.0s' {1..9000}
            echo "$ASHA_TOKEN $MINE" >&2
            """);
        Assert.Equal(new PrepareResult(true, false, ""), result);
        // A line longer than 4 KiB comes in pieces.
        Assert.Equal(["one", "two", "", .. ("last" + new string('x', 9000)).Chunk(4096).Select(piece => new string(piece))],
            _lines.Where(line => !line.StartsWith(_box.Token)));
        Assert.Contains($"{_box.Token}:prepare yes", _lines);
        var log = File.ReadAllText(Path.Combine(_box.RunFolder, "logs", "prepare.log"));
        Assert.StartsWith("=== prepare, 2026-11-24 10:15:00Z ===\n", log);
        Assert.EndsWith("=== ended: success ===\n", log);
    }

    [Fact]
    public async Task A_failure_says_its_exit_code_and_its_last_lines()
    {
        Assert.Equal(new PrepareResult(false, false, "exit code 2\nno compiler"), await Run("echo no compiler; exit 2"));
        Assert.Equal(new PrepareResult(false, false, "SIGSEGV"), await Run("ulimit -c 0; kill -SEGV $$"));
        Assert.Equal(new PrepareResult(false, false, "there is no program 'no-such' on the PATH"),
            await Step(new TrialSpec { Command = ["x"], Prepare = ["no-such"], Directory = _box.Scripts }).RunAsync(_lines.Enqueue, default));
    }

    [Fact]
    public async Task It_can_be_stopped_and_leaves_nothing()
    {
        using var stop = new CancellationTokenSource();
        var started = Channel.CreateUnbounded<string>();
        var run = Step(Spec("setsid sleep 1000 &\nsleep 1000 &\necho started\nread -r")).RunAsync(line => started.Writer.TryWrite(line), stop.Token);
        await started.Reader.ReadAsync();
        await stop.CancelAsync();
        Assert.Equal(new PrepareResult(false, true, ""), await run);
        Assert.Empty(_box.Left());
    }

    [Theory]
    [InlineData(null, 30)]
    [InlineData(5, 5)]
    public async Task Longer_than_its_limit_it_has_failed_and_leaves_nothing(int? given, int minutes)
    {
        var started = Channel.CreateUnbounded<string>();
        var spec = Spec("setsid sleep 1000 &\necho started\nread -r") with { PrepareLimit = given is { } limit ? TimeSpan.FromMinutes(limit) : null };
        var run = Step(spec).RunAsync(line => started.Writer.TryWrite(line), default);
        await started.Reader.ReadAsync();
        _box.Clock.Advance(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1));
        Assert.False(run.IsCompleted);
        _box.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(new PrepareResult(false, false, $"ran longer than {TimeSpan.FromMinutes(minutes)} (trial.prepare-limit)\nstarted"), await run);
        Assert.Empty(_box.Left());
    }

    private TrialSpec Spec(string script) => new()
    {
        Command = ["x"], Prepare = ["bash", _box.Script(script, "prepare.sh")], Directory = _box.Scripts,
        Env = new Dictionary<string, string> { ["MINE"] = "yes" },
    };

    private PrepareStep Step(TrialSpec spec) => new(spec, _box.RunFolder, "test", _box.Token, _box.Clock);

    private Task<PrepareResult> Run(string script) => Step(Spec(script)).RunAsync(_lines.Enqueue, CancellationToken.None);
}
