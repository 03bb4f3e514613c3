using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Asha.Examples.Tests;

/// <summary>A report line, and its text to the last digit.</summary>
internal sealed record Report(double Resource, double Metric, string? Checkpoint)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static Report Of(string line)
    {
        Assert.StartsWith("@asha {", line, StringComparison.Ordinal);
        // JSON proper has no bare NaN; the protocol has.
        return JsonSerializer.Deserialize<Report>(line[6..].Replace(": NaN", ": \"NaN\"", StringComparison.Ordinal), Format)!;
    }
}

/// <summary>One job of a trial, started with the environment that the protocol promises; standard input stays open.</summary>
internal sealed class TrialProcess : IDisposable
{
    /// <summary>For what must happen at once; far more than it takes on a busy machine, and never waited out by a passing test.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public const string Seed = "8070450532247928832";

    private readonly Process _process;
    private readonly StringBuilder _errors = new();

    public TrialProcess(ExampleProgram program, string parameters, int target, Folder folder, int start = 0, string resumeFrom = "")
    {
        var info = program.StartInfo();
        info.Environment["ASHA_PROTOCOL"] = "1";
        info.Environment["ASHA_SEED"] = Seed;
        info.Environment["ASHA_PARAMS_FILE"] = folder.Write("params.json", parameters);
        info.Environment["ASHA_START_RESOURCE"] = $"{start}";
        info.Environment["ASHA_TARGET_RESOURCE"] = $"{target}";
        info.Environment["ASHA_CHECKPOINT_DIR"] = folder.Path;
        info.Environment["ASHA_RESUME_FROM"] = resumeFrom;
        _process = Process.Start(info)!;
        _process.ErrorDataReceived += (_, line) => _errors.AppendLine(line.Data);
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public StreamWriter Input => _process.StandardInput;

    public string Errors => _errors.ToString();

    /// <summary>The next report; <c>null</c> at the end of the output. An empty line before it belongs to it.</summary>
    public Report? Next() => _process.StandardOutput.ReadLine() switch
    {
        null => null,
        "" => Next(),
        var line => Report.Of(line),
    };

    /// <summary>Reads on until a report satisfies the condition.</summary>
    public Report NextWhere(Func<Report, bool> condition)
    {
        while (Next() is { } report)
        {
            if (condition(report))
                return report;
        }
        throw new InvalidOperationException($"The trial ended before: {Errors}");
    }

    public void Kill() => _process.Kill();

    /// <summary>The exit code; fails the test if the process is still there after <paramref name="patience"/>.</summary>
    public int ExitCode(TimeSpan? patience = null)
    {
        Assert.True(_process.WaitForExit(patience ?? Patience), "The trial is still running.");
        _process.WaitForExit(); // also for the last line of standard error
        return _process.ExitCode;
    }

    /// <summary>All reports of a job that must go well.</summary>
    public IReadOnlyList<Report> Finish()
    {
        var reports = new List<Report>();
        while (Next() is { } report)
            reports.Add(report);
        Assert.True(ExitCode() == 0, Errors);
        return reports;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
