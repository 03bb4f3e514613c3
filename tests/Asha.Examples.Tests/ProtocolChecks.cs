using System.Diagnostics;

namespace Asha.Examples.Tests;

/// <summary>What the trial protocol asks of every program, whatever its language.</summary>
internal static class ProtocolChecks
{
    /// <summary>So far away that a trial which is to be ended does not end by itself.</summary>
    private const int FarTarget = 1_000_000;

    public static void Reports_every_epoch_up_to_the_target(ExampleProgram program, string parameters)
    {
        using var folder = new Folder();
        using var trial = new TrialProcess(program, parameters, target: 5, folder);
        var reports = trial.Finish();

        Assert.Equal([1, 2, 3, 4, 5], reports.Select(report => report.Resource));
        Assert.All(reports, report => Assert.InRange(report.Metric, 0, 1));
        Assert.NotNull(reports[^1].Checkpoint);
        // What was reported is there, and nothing else is: a checkpoint is written aside, then renamed.
        var checkpoints = reports.Select(report => report.Checkpoint).OfType<string>();
        Assert.Equal(checkpoints.Append("params.json").Order(), Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order());
    }

    /// <summary>Eight epochs at once; three and, in another process, five more: the same numbers, the same bytes.</summary>
    public static void Resumes_exactly(ExampleProgram program, string parameters)
    {
        using var whole = new Folder();
        using var first = new Folder();
        using var second = new Folder();
        using var uninterrupted = new TrialProcess(program, parameters, target: 8, whole);
        using var beginning = new TrialProcess(program, parameters, target: 3, first);
        var begun = beginning.Finish();
        using var rest = new TrialProcess(program, parameters, target: 8, second, start: 3, resumeFrom: first[begun[^1].Checkpoint!]);

        var all = uninterrupted.Finish();
        var resumed = rest.Finish();
        Assert.Equal(all.Select(Numbers), begun.Concat(resumed).Select(Numbers));
        Assert.Equal(File.ReadAllBytes(whole[all[^1].Checkpoint!]), File.ReadAllBytes(second[resumed[^1].Checkpoint!]));
    }

    /// <summary>SIGKILL at any moment after a checkpoint was reported leaves that checkpoint good.</summary>
    public static void Goes_on_after_being_killed(ExampleProgram program, string parameters)
    {
        using var whole = new Folder();
        using var first = new Folder();
        using var second = new Folder();
        using var uninterrupted = new TrialProcess(program, parameters, target: 8, whole);
        using var killed = new TrialProcess(program, parameters, FarTarget, first);
        var last = killed.NextWhere(report => report.Checkpoint is not null);
        killed.Kill();
        killed.ExitCode();
        using var rest = new TrialProcess(program, parameters, target: 8, second, start: (int)last.Resource, resumeFrom: first[last.Checkpoint!]);

        Assert.Equal(uninterrupted.Finish().Skip((int)last.Resource).Select(Numbers), rest.Finish().Select(Numbers));
    }

    public static void Reports_NaN_at_the_target_when_it_diverges(ExampleProgram program, string parameters)
    {
        using var folder = new Folder();
        using var trial = new TrialProcess(program, parameters, target: 16, folder);
        var reports = trial.Finish();

        Assert.Equal(new Report(16, double.NaN, null), reports[^1]);
        Assert.DoesNotContain(reports.SkipLast(1), report => double.IsNaN(report.Metric));
    }

    public static void Ends_when_asha_is_gone(ExampleProgram program, string parameters)
    {
        using var folder = new Folder();
        using var trial = new TrialProcess(program, parameters, FarTarget, folder);
        Assert.NotNull(trial.Next());

        trial.Input.Close();

        Assert.NotEqual(0, trial.ExitCode(TimeSpan.FromSeconds(5)));
    }

    public static void Ends_at_SIGTERM(ExampleProgram program, string parameters)
    {
        using var folder = new Folder();
        using var trial = new TrialProcess(program, parameters, FarTarget, folder);
        Assert.NotNull(trial.Next());

        using (var kill = Process.Start("kill", ["-TERM", $"{trial.Id}"]))
            kill.WaitForExit();

        // Asha waits five seconds before SIGKILL. A shell's way to write a signal: 128 + 15.
        Assert.Equal(143, trial.ExitCode(TimeSpan.FromSeconds(5)));
    }

    /// <summary>Where checkpoints were written differs, what was learnt must not.</summary>
    private static (double Resource, long MetricBits) Numbers(Report report)
        => (report.Resource, BitConverter.DoubleToInt64Bits(report.Metric));
}
