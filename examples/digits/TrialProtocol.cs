using System.Globalization;

namespace Asha.Examples.Digits;

/// <summary>A trial's side of the protocol (docs/trial-protocol.md): what to do comes in the environment, reports go to standard output.</summary>
internal static class TrialProtocol
{
    public static string ParametersFile => Variable("ASHA_PARAMS_FILE");

    public static string CheckpointFolder => Variable("ASHA_CHECKPOINT_DIR");

    /// <summary>The checkpoint to go on from; <c>null</c>: begin at nothing.</summary>
    public static string? ResumeFrom => Environment.GetEnvironmentVariable("ASHA_RESUME_FROM") is { Length: > 0 } path ? path : null;

    public static long Seed => long.Parse(Variable("ASHA_SEED"));

    /// <summary>Resources are real numbers; epochs come whole, so at least the target is trained.</summary>
    public static int StartEpoch => (int)Math.Floor(Number("ASHA_START_RESOURCE"));

    public static int TargetEpoch => (int)Math.Ceiling(Number("ASHA_TARGET_RESOURCE"));

    /// <summary>Prints a report; a checkpoint is a file of <see cref="CheckpointFolder"/>, and complete by now.</summary>
    public static void Report(int epoch, double metric, string? checkpoint = null)
    {
        var rest = checkpoint is null ? "" : $$""", "checkpoint": "{{checkpoint}}" """.TrimEnd();
        // "R" reads back as the same number, and writes NaN as the protocol wants it.
        Console.Out.WriteLine($$"""@asha {"resource": {{epoch}}, "metric": {{metric.ToString("R", CultureInfo.InvariantCulture)}}{{rest}}}""");
        Console.Out.Flush();
    }

    /// <summary>
    /// Standard input is open as long as Asha lives. SIGTERM needs no code, it ends the process; but nobody sends one when Asha
    /// itself is killed.
    /// </summary>
    public static void ExitWhenAshaIsGone()
    {
        var watcher = new Thread(() =>
        {
            using var input = Console.OpenStandardInput();
            while (input.ReadByte() >= 0) { }
            Environment.Exit(1);
        });
        watcher.IsBackground = true;
        watcher.Start();
    }

    private static double Number(string name) => double.Parse(Variable(name), CultureInfo.InvariantCulture);

    private static string Variable(string name) => Environment.GetEnvironmentVariable(name)
        ?? throw new InvalidDataException($"{name} is not set: 'train' is started by asha; 'evaluate' works by hand.");
}
