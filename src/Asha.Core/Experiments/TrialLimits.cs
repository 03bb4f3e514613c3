namespace Asha.Core.Experiments;

/// <summary>What the kernel lets a trial have (setrlimit); <c>null</c>: as much as Asha itself.</summary>
/// <param name="Memory">Bytes of memory that each of its processes may write and shares with nobody, &gt; 0.</param>
/// <param name="OpenFiles">Files, sockets and pipes that each of its processes has open, &gt; 0.</param>
/// <param name="Processes">Processes and threads of its user on the machine, whoever started them, &gt; 0.</param>
/// <param name="CpuSeconds">Seconds of CPU time of each of its processes, &gt; 0.</param>
public sealed record TrialLimits(long? Memory = null, int? OpenFiles = null, int? Processes = null, int? CpuSeconds = null);
