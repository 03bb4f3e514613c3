using System.Runtime.InteropServices;
using Asha.Core.Experiments;

namespace Asha.Tuning.Runs;

/// <summary>By which engine a run was begun, or is gone on with.</summary>
internal static class EngineOrigin
{
    public static RunOrigin Of(string run, DateTimeOffset now) => new(
        run, now, typeof(EngineOrigin).Assembly.GetName().Version!.ToString(3), $"{Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}");
}
