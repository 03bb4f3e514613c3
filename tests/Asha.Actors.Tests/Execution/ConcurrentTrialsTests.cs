using Asha.Core.Experiments;

namespace Asha.Actors.Tests.Execution;

public sealed class ConcurrentTrialsTests : IDisposable
{
    private readonly TrialSandbox _box = new();

    public void Dispose() => _box.Dispose();

    [Fact]
    public async Task Many_trials_at_once_each_have_their_own_reports_log_and_ending()
    {
        var spec = _box.Bash("""
            for i in 1 2 3; do echo "@asha {\"resource\": $i, \"metric\": $ASHA_TRIAL_ID}"; echo "log of $ASHA_TRIAL_ID"; done
            exit $((ASHA_TRIAL_ID % 3))
            """);
        var runner = _box.Runner(spec);
        await Task.WhenAll(Enumerable.Range(0, 24).Select(async trial =>
        {
            var reports = new List<TrialReport>();
            var ending = await runner.RunAsync(TrialSandbox.Launch(trial, target: 100), reports.Add, CancellationToken.None);
            Assert.Equal([new(1, trial), new(2, trial), new(3, trial)], reports);
            Assert.Equal(trial % 3 == 0 ? EndingCause.Exited : EndingCause.Exit, ending.Cause);
            Assert.Equal(3, _box.Log(trial).Split($"log of {trial}\n").Length - 1);
        }));
    }

    [Fact]
    public async Task No_trial_holds_the_input_of_another()
    {
        // Else the death of Asha would not end the inputs: each trial would keep the next one's open.
        var spec = _box.Bash("""
            echo "@asha {\"resource\": 1, \"metric\": $$}"
            read -r
            """);
        using var stop = new CancellationTokenSource();
        var runs = Enumerable.Range(0, 6).Select(trial => _box.Run(spec, TrialSandbox.Launch(trial), stop.Token)).ToList();
        var pids = new List<int>();
        while (pids.Count < runs.Count)
            pids.Add((int)(await _box.NextReport()).Metric);

        var pipes = pids.Select(pid => (Pid: pid, Open: Pipes(pid))).ToList();
        foreach (var (pid, open) in pipes)
        {
            // Its own three at their places; whatever else it got from whoever started these tests.
            foreach (var number in new[] { 0, 1, 2 })
                Assert.Equal(new[] { (pid, number) }, pipes.SelectMany(one => one.Open.Where(fd => fd.Value == open[number]).Select(fd => (one.Pid, fd.Key))));
        }
        await stop.CancelAsync();
        await Task.WhenAll(runs);
    }

    private static Dictionary<int, string> Pipes(int pid)
        => Directory.EnumerateFiles($"/proc/{pid}/fd")
            .Select(fd => (Number: int.Parse(Path.GetFileName(fd)), Target: new FileInfo(fd).LinkTarget ?? ""))
            .Where(fd => fd.Target.StartsWith("pipe:")).ToDictionary(fd => fd.Number, fd => fd.Target);
}
