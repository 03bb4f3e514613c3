using System.ComponentModel;
using System.Diagnostics;

namespace Asha.Actors.Execution;

/// <summary>The GPUs that trials may use, by the ids that CUDA_VISIBLE_DEVICES takes.</summary>
public static class GpuDetector
{
    /// <summary>A driver in trouble can keep nvidia-smi waiting for minutes.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    /// <summary>What the user's mask names; without a mask what nvidia-smi finds; without that none.</summary>
    public static IReadOnlyList<string> Detect()
        => Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES") is { } mask ? FromMask(mask) : FromNvidiaSmi("nvidia-smi");

    /// <summary>As CUDA reads it: numbers or UUIDs, up to the first that is neither (<c>-1</c> hides what follows).</summary>
    public static IReadOnlyList<string> FromMask(string mask)
        => [.. mask.Split(',', StringSplitOptions.TrimEntries)
            .TakeWhile(id => id != "" && (id.All(char.IsAsciiDigit) || id.StartsWith("GPU-", StringComparison.Ordinal) || id.StartsWith("MIG-", StringComparison.Ordinal)))
            .Distinct()];

    /// <param name="program">nvidia-smi, or what stands in for it.</param>
    public static IReadOnlyList<string> FromNvidiaSmi(string program)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, ["--query-gpu=index", "--format=csv,noheader"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var output = process.StandardOutput.ReadToEndAsync();
            _ = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(_patience))
            {
                process.Kill(entireProcessTree: true);
                return [];
            }
            return process.ExitCode != 0 ? []
                : [.. output.GetAwaiter().GetResult().Split('\n', StringSplitOptions.TrimEntries).Where(line => line != "" && line.All(char.IsAsciiDigit))];
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            return []; // no such program: no NVIDIA driver
        }
    }
}
