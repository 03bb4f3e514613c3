using System.Diagnostics;
using Asha.Cluster.Tests.Harness;

namespace Asha.Cluster.Tests;

/// <summary>The trial of tests/cluster/soak is its own witness: what it does not write down, the checker does not miss.</summary>
public sealed class SoakTrialTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("asha-soak-trial").FullName;

    public SoakTrialTests() => Tool.Run("mkfifo", Path.Combine(_folder, "never"));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Of_two_processes_of_a_trial_the_later_one_says_that_it_is_not_alone()
    {
        using var first = await Start(trial: 7, attempt: 1);
        using (var other = await Start(trial: 8, attempt: 1))
        using (var second = await Start(trial: 7, attempt: 2))
            End(other, second);
        Assert.Equal(["start 7 1", "start 8 1", "beside 7 2", "start 7 2"], Log());

        End(first);
        using (var third = await Start(trial: 7, attempt: 3))
            End(third);
        Assert.Equal("start 7 3", Log()[^1]);
    }

    private static void End(params Process[] trials)
    {
        foreach (var trial in trials)
        {
            trial.Kill();
            trial.WaitForExit();
        }
    }

    /// <summary>Word, trial and attempt of each line.</summary>
    private List<string> Log() => [.. File.ReadAllLines(Path.Combine(_folder, "log")).Select(line => line.Split(' ')).Select(line => $"{line[1]} {line[3]} {line[4]}").Where(line => !line.StartsWith("said", StringComparison.Ordinal))];

    /// <summary>One that has reported, so that all that it says at first is written.</summary>
    private async Task<Process> Start(int trial, int attempt)
    {
        var info = new ProcessStartInfo("bash", [Path.Combine(Checker.Scripts, "soak-trial.sh"), "0.05"]) { RedirectStandardOutput = true };
        var given = $"WITNESS={_folder} WITNESS_NODE=here ASHA_EXPERIMENT_ID=run ASHA_TRIAL_ID={trial} ASHA_ATTEMPT={attempt} ASHA_START_RESOURCE=0 ASHA_TARGET_RESOURCE=100000 ASHA_CHECKPOINT_DIR={_folder}";
        foreach (var variable in given.Split(' ').Select(entry => entry.Split('=')))
            info.Environment[variable[0]] = variable[1];
        var process = Process.Start(info)!;
        await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return process;
    }
}
