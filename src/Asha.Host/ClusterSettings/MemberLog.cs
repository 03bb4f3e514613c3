using Serilog;
using Serilog.Core;

namespace Asha.Host.ClusterSettings;

/// <summary>
/// <c>asha.log</c> of a coordinator or a node: what the engine has to say. It cannot fill the disk: when it has grown to its bound, <c>asha_001.log</c> follows, and so on, and of all only the newest are kept.
/// </summary>
internal static class MemberLog
{
    public const string FileName = "asha.log";

    /// <summary>Bytes of each file.</summary>
    public const long Bytes = 16 << 20;

    /// <summary>Files that are kept, the one that is written included.</summary>
    public const int Files = 4;

    /// <param name="data">The process's folder.</param>
    /// <param name="bytes">Of each file, at most.</param>
    public static Logger Open(string data, long bytes = Bytes)
        => new LoggerConfiguration().WriteTo.File(Path.Combine(data, FileName), fileSizeLimitBytes: bytes, rollOnFileSizeLimit: true, retainedFileCountLimit: Files).CreateLogger();
}
