using Asha.Actors.Execution;
using Asha.Cluster.Nodes;
using Asha.Cluster.Tests.Harness;
using Asha.Core.Experiments;
using Asha.Core.Spaces;

namespace Asha.Cluster.Tests;

/// <summary>Attempts that wait on a node for the run's preparation, which is a process of its own; no cluster is needed for that.</summary>
public sealed class NodePreparationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("asha-prepare-").FullName;
    private readonly StringWriter _said = new();
    private readonly NodeRuns _runs;
    private int _trials;

    public NodePreparationTests() => _runs = new NodeRuns(Directory.CreateDirectory(In("runs")).FullName, null, null, _said);

    public void Dispose()
    {
        _runs.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task An_attempt_that_is_ended_while_it_waits_is_over_at_once_and_a_preparation_that_nobody_waits_for_is_ended()
    {
        File.WriteAllText(In("prepare.sh"), "echo $$ >> pids; [ -e ready ] || exec sleep 1000");
        var (one, first) = Start();
        var (two, second) = Start();
        await Waiting.UntilAsync("the preparation runs", () => Pids().Length == 1);

        one.Stop();
        Assert.Equal(EndingCause.Stopped, Now(first).Cause);
        one.Stop(); // It is over, and that is said once.
        Assert.True(IsThere(Pids()[0])); // The other still waits for it.

        two.Stop();
        Assert.Equal(EndingCause.Stopped, Now(second).Cause);
        await Waiting.UntilAsync("the preparation is ended", () => !IsThere(Pids()[0]));

        // Whoever comes after all has it made anew.
        File.WriteAllText(In("ready"), "");
        var (_, third) = Start();
        Assert.Equal(EndingCause.Exited, (await third.Ending.Task.WaitAsync(Member.Patience)).Cause);
        Assert.Equal(2, Pids().Length);
        Assert.Empty(_said.ToString());
Assert.Equal([false, false, true], Enumerable.Range(0, 3).Select(trial => File.Exists(In($"ran-{trial}"))));
    }

    [Fact]
    public async Task Attempts_that_wait_share_a_failure_and_so_do_those_that_come_right_after_it()
    {
        File.WriteAllText(In("prepare.sh"), "echo $$ >> pids; while ! [ -e go ]; do sleep 0.02; done; echo no compiler; exit 3");
        var (_, first) = Start();
        var (_, second) = Start();
        await Waiting.UntilAsync("the preparation runs", () => Pids().Length == 1);
        File.WriteAllText(In("go"), "");
        Assert.Equal("the preparation failed on this node: exit code 3\nno compiler", (await first.Ending.Task.WaitAsync(Member.Patience)).Detail);
        Assert.Equal(await first.Ending.Task, await second.Ending.Task.WaitAsync(Member.Patience));
        Assert.Equal(await first.Ending.Task, await Start().Heard.Ending.Task.WaitAsync(Member.Patience));
        Assert.Single(Pids());
        Assert.StartsWith("run: the preparation failed on this node, and its output is in ", _said.ToString(), StringComparison.Ordinal);
    }

    private (IAttempt Attempt, Listener Heard) Start()
    {
        var heard = new Listener();
        var launch = new TrialLaunch
        {
            Trial = _trials++, Attempt = 1, Seed = 1, Configuration = Configuration.Empty, Start = 0, Target = 9, Run = "run",
            Program = new TrialSpec { Prepare = ["bash", "prepare.sh"], Command = ["touch", "ran-{asha:trial}"], Directory = _folder },
        };
        return (_runs.Start(launch, heard), heard);
    }

    private static TrialEnding Now(Listener heard)
    {
        Assert.True(heard.Ending.Task.IsCompletedSuccessfully);
        return heard.Ending.Task.Result;
    }

    private string In(string name) => Path.Combine(_folder, name);

    private string[] Pids() => File.Exists(In("pids")) ? File.ReadAllLines(In("pids")) : [];

    private static bool IsThere(string pid) => File.Exists($"/proc/{pid}/stat") && !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z", StringComparison.Ordinal);

    private sealed class Listener : IAttemptListener
    {
        public TaskCompletionSource<TrialEnding> Ending { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Reported(TrialReport report) { }

        public void Ended(TrialEnding ending) => Ending.SetResult(ending);
    }
}
