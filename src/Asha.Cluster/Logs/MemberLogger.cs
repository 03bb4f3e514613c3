using Akka.Actor;
using Akka.Event;
using Akka.Hosting.Logging;
using Asha.Cluster.Coordinators;
using Microsoft.Extensions.Logging;
using AkkaLevel = Akka.Event.LogLevel;
using Level = Microsoft.Extensions.Logging.LogLevel;

namespace Asha.Cluster.Logs;

/// <summary>
/// Brings what actors log to a member's loggers, as Akka.Hosting's logger does, with three differences: the category is the class that speaks, so that Akka's own words have a level of their own; whatever an actor of a run says, Akka's words of its failure
/// too, carries the run's name; and what a connection that failed says in fifty lines, each time that it is tried, is one line, and once a minute, unless details are wanted.
/// </summary>
internal sealed class MemberLogger : LoggerFactoryLogger
{
    private readonly ILoggerFactory _loggers = Context.System.Settings.Setup.Get<LoggerFactorySetup>().Value.LoggerFactory;
    private readonly Dictionary<Type, ILogger> _ofClass = [];
    private readonly RepeatedWords _repeated = new();

    /// <summary>Akka counts on in these words.</summary>
    private const string JoinsInVain = "Couldn't join seed nodes after";

    /// <summary>Settings of an actor system whose words come here.</summary>
    /// <param name="level">The least that is asked for; what is Akka's own is sieved out further on.</param>
    public static string Settings(Level level) => $"""
        akka.loggers = ["{typeof(MemberLogger).AssemblyQualifiedName}"]
        akka.loglevel = {level switch { Level.Trace or Level.Debug => "DEBUG", Level.Information => "INFO", Level.Warning => "WARNING", _ => "ERROR" }}
        # What is said before this logger is there, and after it has gone, goes to standard output otherwise, in whole stack traces.
        akka.stdout-logger-class = "{typeof(NobodyLogs).AssemblyQualifiedName}"
        """;

    protected override void Log(LogEvent log, ActorPath path)
    {
        if (!_ofClass.TryGetValue(log.LogClass, out var logger))
            logger = _ofClass[log.LogClass] = _loggers.CreateLogger(log.LogClass.FullName!);
        var level = log.LogLevel() switch { AkkaLevel.DebugLevel => Level.Debug, AkkaLevel.InfoLevel => Level.Information, AkkaLevel.WarningLevel => Level.Warning, _ => Level.Error };
        if (!logger.IsEnabled(level))
            return;
        var (template, cause) = (log.GetTemplate(), log.Cause);
        var properties = new List<KeyValuePair<string, object?>>();
        if (log.TryGetProperties(out var named) && named is not null)
        {
            // Akka counts {1} {0} in the order in which they stand.
            object?[] given = [.. log.GetParameters()];
            foreach (var (name, value) in named)
                properties.Add(new(name, int.TryParse(name, out var number) && number < given.Length ? given[number] : value));
        }
        if ((log.LogClass.Namespace?.StartsWith("Akka.Remote", StringComparison.Ordinal) == true || log.LogSource.StartsWith("remoting", StringComparison.Ordinal)) && !logger.IsEnabled(Level.Information))
        {
            var words = InALine($"{log.Message}", cause);
            if (words.StartsWith("TLS handshake failed on channel", StringComparison.Ordinal) || !_repeated.IsNews(words, log.Timestamp))
                return; // PeerCheck has said whom it refused, and why; the rest is said again when a minute is over.
            (template, cause, properties) = ("{Words}", null, [new("Words", words)]);
        }
        if (template.StartsWith(JoinsInVain, StringComparison.Ordinal) && !_repeated.IsNews(JoinsInVain, log.Timestamp))
            return;
        if (RunOf(log.LogSource) is { } run && !properties.Exists(property => property.Key == "Experiment"))
            properties.Add(new("Experiment", run));
        properties.Add(new("Actor", log.LogSource));
        properties.Add(new("{OriginalFormat}", template));
        logger.Log(level, default, properties, cause, static (all, _) => $"{all[^1].Value}");
    }

    private static string InALine(string message, Exception? error)
    {
        var words = new List<string> { message };
        for (; error is not null; error = error.InnerException)
            words.Add(error.Message);
        return string.Join(": ", words.Select(word => word.Split('\n', 2)[0]).Distinct());
    }

    /// <summary>The run that an actor is of, by its path: the shard region makes one host for each, and all else is below it.</summary>
    internal static string? RunOf(string source)
    {
        const string Region = $"/system/sharding/{Coordinator.Experiments}/";
        var at = source.IndexOf(Region, StringComparison.Ordinal);
        return at >= 0 && source[(at + Region.Length)..].Split('/', '#', ']') is [_, { Length: > 0 } run, ..] ? Uri.UnescapeDataString(run) : null;
    }
}

/// <summary>Where nobody is there to take it.</summary>
internal sealed class NobodyLogs : MinimalLogger
{
    protected override void Log(object message)
    {
    }
}
