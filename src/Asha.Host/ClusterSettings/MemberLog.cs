using Asha.Cluster.Logs;
using Asha.Cluster.Settings;
using Asha.Tuning;
using Serilog;
using Serilog.Core;
using Serilog.Extensions.Logging;

namespace Asha.Host.ClusterSettings;

/// <summary>
/// The log of a coordinator or a node: what the engine has to say, and what people are told, each event with the member's name and role. As a file it cannot fill the disk: when it has grown to its bound, <c>asha_001.log</c> follows, and so on, and of all
/// only the newest are kept.
/// </summary>
internal static class MemberLog
{
    public const string FileName = "asha.log";

    /// <summary>Bytes of each file.</summary>
    public const long Bytes = 16 << 20;

    /// <summary>Files that are kept, the one that is written included.</summary>
    public const int Files = 4;

    /// <summary>Whose own words are no news at the level of Asha's.</summary>
    private static readonly string[] _others = ["Akka", "Microsoft", "System"];

    /// <param name="settings">The member's.</param>
    /// <param name="bytes">Of each file, at most.</param>
    /// <exception cref="UserErrorException">The file cannot be written.</exception>
    public static Logger Open(MemberSettings settings, long bytes = Bytes)
    {
        var path = settings.Log.To ?? Path.Combine(settings.Data, FileName);
        if (!settings.Log.IsOnOutput)
            TryOpen(path);
        var lines = new LogLines(settings.Log.IsJson, LogSecrets.Of(settings));
        return Of(settings.Log, settings.Self, settings.Role, settings.Log.IsOnOutput
            ? to => to.WriteTo.Console(lines)
            : to => to.WriteTo.File(lines, path, fileSizeLimitBytes: bytes, rollOnFileSizeLimit: true, retainedFileCountLimit: Files));
    }

    /// <summary>A log on standard output, of whoever is no member itself.</summary>
    public static Logger OnOutput(LogSettings log, string self, string role) => Of(log, self, role, to => to.WriteTo.Console(new LogLines(log.IsJson, [])));

    private static Logger Of(LogSettings log, string self, string role, Func<LoggerConfiguration, LoggerConfiguration> to)
    {
        var configuration = new LoggerConfiguration().MinimumLevel.Is(LevelConvert.ToSerilogLevel(log.Level)).Enrich.WithProperty("Node", self).Enrich.WithProperty("Role", role);
        foreach (var other in _others)
            configuration.MinimumLevel.Override(other, LevelConvert.ToSerilogLevel(log.OthersLevel));
        return to(configuration).CreateLogger();
    }

    /// <summary>The log itself would say nothing of it, and nothing else either.</summary>
    private static void TryOpen(string path)
    {
        try
        {
            if (Path.GetDirectoryName(path) is { } folder && !Directory.Exists(folder))
                throw new UserErrorException($"log-to: {path}: cannot be written: there is no such folder");
            var isNew = !File.Exists(path);
            File.Open(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite).Dispose();
            if (isNew)
                File.Delete(path); // A later one of its kind may be at work.
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"log-to: {path}: cannot be written: {error.Message}");
        }
    }
}
