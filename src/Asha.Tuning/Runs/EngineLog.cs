using Akka.Hosting.Logging;

namespace Asha.Tuning.Runs;

/// <summary>Where an engine's own words go: to whoever its logger factory says.</summary>
internal static class EngineLog
{
    /// <summary>Akka's own logger writes to standard output, which belongs to the user.</summary>
    public static readonly string Settings = $"akka.loggers = [\"{typeof(LoggerFactoryLogger).AssemblyQualifiedName}\"]";
}
