using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;

namespace Asha.Examples.Tests;

/// <summary>How an example is started: what its experiment file names under <c>trial.command</c>.</summary>
/// <param name="PythonPath">Where its modules are, as under <c>trial.env</c>.</param>
/// <param name="Cores">As many cores does a .NET program believe to have: it takes a slot for each.</param>
internal sealed record ExampleProgram(string File, IReadOnlyList<string> Arguments, string? PythonPath = null, int? Cores = null)
{
    public static readonly string Folder = Metadata("ExamplesFolder");
    private static readonly string DigitsDll = Path.Combine(Folder, "digits", Metadata("BuildOutput"), "digits.dll");

    /// <summary>The folder of the reporter for Python.</summary>
    public static string PythonClient { get; } = Path.GetFullPath(Path.Combine(Folder, "..", "clients", "python"));

    public static ExampleProgram Digits { get; } = new("dotnet", [DigitsDll, "train"]);

    public static ExampleProgram Python { get; } = new("python3", [Path.Combine(Folder, "python", "train.py")], PythonClient);

    public static ExampleProgram Evaluate(params string[] arguments) => new("dotnet", [DigitsDll, "evaluate", .. arguments]);

    public static ExampleProgram InProcess(string runs) => new("dotnet", [Path.Combine(Folder, "inprocess", Metadata("BuildOutput"), "inprocess.dll"), runs]);

    public static ExampleProgram MLNet(string runs, int trials, int slots) => new("dotnet", [Path.Combine(Folder, "mlnet", Metadata("BuildOutput"), "mlnet.dll"), runs, $"{trials}"], Cores: slots);

    public static ExampleProgram Quickstart(string runs) => new("dotnet", [Path.Combine(Folder, "quickstart", Metadata("BuildOutput"), "quickstart.dll"), runs]);

    public ProcessStartInfo StartInfo()
    {
        var info = new ProcessStartInfo(File, Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (PythonPath is not null)
            info.Environment["PYTHONPATH"] = PythonPath;
        if (Cores is { } cores)
            info.Environment["DOTNET_PROCESSOR_COUNT"] = $"{cores}";
        return info;
    }

    private static string Metadata(string key) => typeof(ExampleProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == key).Value!;
}

/// <summary>A test that is skipped, and says so, on a machine without Python.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PythonFactAttribute : FactAttribute
{
    private static readonly string? Missing = WhyMissing();

    public PythonFactAttribute() => Skip = Missing;

    private static string? WhyMissing()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("python3", "--version") { RedirectStandardOutput = true })!;
            process.WaitForExit();
            return process.ExitCode == 0 ? null : $"'python3 --version' exits with {process.ExitCode}.";
        }
        catch (Win32Exception problem)
        {
            return $"python3 cannot be started here: {problem.Message}";
        }
    }
}
