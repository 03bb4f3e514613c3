using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Asha.Actors.Execution;

/// <summary>Finds the GPUs that trials may use (docs/decisions/006-which-gpus.md).</summary>
public static partial class GpuDetector
{
    /// <summary>A driver in trouble can keep nvidia-smi waiting for minutes; one that has to be loaded for each call needs some seconds a GPU.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    private static readonly Lazy<GpuInventory> _found = new(
        () => Mask is { } mask ? FromMask(mask) : FromNvidiaSmi(Environment.GetEnvironmentVariable("PATH"), _patience));

    /// <summary>What the user's mask names; without a mask what nvidia-smi lists. Looked for once, so that a run gets the very GPUs that its file was checked against.</summary>
    public static GpuInventory Found => _found.Value;

    /// <summary>CUDA_VISIBLE_DEVICES of Asha itself.</summary>
    internal static string? Mask => Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES");

    /// <summary>As CUDA reads it: numbers or UUIDs, up to the first that is neither (<c>-1</c> hides what follows). Nobody is asked whether they are there.</summary>
    internal static GpuInventory FromMask(string mask)
    {
        string[] ids = [.. mask.Split(',', StringSplitOptions.TrimEntries).TakeWhile(id => IsNumber(id) || IsUuid(id)).Distinct()];
        var source = mask.Trim() == "" ? "CUDA_VISIBLE_DEVICES is empty, which hides all" : $"CUDA_VISIBLE_DEVICES is '{mask}'";
        return ids.Any(IsNumber) && ids.Any(IsUuid)
            ? new([], $"{source}, in which a number and a UUID may be the same GPU", "name all by number or all by UUID")
            : new(ids, source, "name more there, such as 0,1, or unset it to use all that nvidia-smi lists");
    }

    /// <param name="searchPath">Where nvidia-smi is looked for.</param>
    /// <param name="patience">How long it may take.</param>
    internal static GpuInventory FromNvidiaSmi(string? searchPath, TimeSpan patience)
    {
        if (ProgramPath.Find("nvidia-smi", Environment.CurrentDirectory, searchPath, out var problem) is not { } program)
            return Listed([], problem);
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, ["-L"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            if (!Task.WaitAll([output, error, process.WaitForExitAsync()], patience))
            {
                process.Kill(entireProcessTree: true);
                return Listed([], $"nvidia-smi gave no answer within {patience.TotalSeconds} s");
            }
            if (process.ExitCode == 0)
                return Parse(output.Result) is { Count: > 0 } ids ? Listed(ids, "nvidia-smi lists them") : Listed([], "nvidia-smi lists none");
            var said = (output.Result + '\n' + error.Result).Split('\n', StringSplitOptions.TrimEntries).FirstOrDefault(line => line != "");
            return Listed([], $"nvidia-smi failed with exit code {process.ExitCode}{(said is null ? "" : $" ('{said}')")}");
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            return Listed([], $"nvidia-smi could not be run ({e.Message})");
        }
    }

    /// <summary>GPUs by number; one that is split up is its MIG instances, which have no number of their own.</summary>
    private static List<string> Parse(string list)
    {
        var ids = new List<string>();
        foreach (var line in list.Split('\n'))
        {
            if (Gpu.Match(line) is { Success: true } gpu)
            {
                ids.Add(gpu.Groups[1].Value);
            }
            else if (MigInstance.Match(line) is { Success: true } instance)
            {
                if (ids is [.., var last] && IsNumber(last))
                    ids.RemoveAt(ids.Count - 1);
                ids.Add(instance.Groups[1].Value);
            }
        }
        return ids;
    }

    private static GpuInventory Listed(IReadOnlyList<string> ids, string source)
        => new(ids, source, "where Asha does not see GPUs that are there, name them: CUDA_VISIBLE_DEVICES=0,1");

    private static bool IsNumber(string id) => id != "" && id.All(char.IsAsciiDigit);

    private static bool IsUuid(string id) => id.StartsWith("GPU-", StringComparison.Ordinal) || id.StartsWith("MIG-", StringComparison.Ordinal);

    [GeneratedRegex(@"^GPU ([0-9]+): ", RegexOptions.CultureInvariant)]
    private static partial Regex Gpu { get; }

    [GeneratedRegex(@"^\s+MIG .*\(UUID: (MIG-[^)\s]+)\)", RegexOptions.CultureInvariant)]
    private static partial Regex MigInstance { get; }
}
