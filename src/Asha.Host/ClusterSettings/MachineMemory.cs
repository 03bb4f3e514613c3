namespace Asha.Host.ClusterSettings;

/// <summary>How much memory this machine has for whatever runs on it.</summary>
internal static class MachineMemory
{
    /// <summary>All of it, or what the container has been given of it; in whole MiB.</summary>
    public static long Bytes => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20 << 20;
}
