using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;
using Akka.Hosting.Logging;
using Asha.Cluster.Logs;
using Asha.Cluster.Tests.Harness;
using Asha.Host.ClusterSettings;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Level = Microsoft.Extensions.Logging.LogLevel;
using LogEvent = Serilog.Events.LogEvent;

namespace Asha.Cluster.Tests;

/// <summary>What becomes of an actor's words on their way to a member's log.</summary>
public sealed class MemberLoggerTests
{
    [Fact]
    public async Task Values_are_what_the_template_says_in_whatever_order()
    {
        var said = (await SayAsync(Level.Information, log => log.Warning("{1} before {0}, {Name}", "second", "first", "named"))).Single();
        Assert.StartsWith("first before second", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connections_words_are_one_line_unless_details_are_wanted()
    {
        static void Fail(ILoggingAdapter log) => log.Error(new InvalidOperationException("outer\n   at somewhere", new IOException("inner")), "It failed\nby this:");
        Assert.Equal(["It failed: outer: inner"], await SayAsync(Level.Information, Fail, "remoting"));
        Assert.Contains("by this:", (await SayAsync(Level.Debug, Fail, "remoting")).Single(), StringComparison.Ordinal);
        Assert.Contains("by this:", (await SayAsync(Level.Information, Fail, "another")).Single(), StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<string>> SayAsync(Level level, Action<ILoggingAdapter> say, string source = "test")
    {
        var lines = new Lines();
        using var log = new LoggerConfiguration().MinimumLevel.Is(LevelConvert.ToSerilogLevel(new LogSettings { Level = level }.OthersLevel)).WriteTo.Sink(lines).CreateLogger();
        using var loggers = new SerilogLoggerFactory(log);
        var system = ActorSystem.Create("test", ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(ConfigurationFactory.ParseString(MemberLogger.Settings(level))), new LoggerFactorySetup(loggers)));
        say(Logging.GetLogger(system, source));
        await Waiting.UntilAsync("it is written", () => Task.FromResult(!lines.Words.IsEmpty));
        await system.Terminate();
        return [.. lines.Words];
    }

    private sealed class Lines : ILogEventSink
    {
        public System.Collections.Concurrent.ConcurrentQueue<string> Words { get; } = new();

        public void Emit(LogEvent logEvent)
        {
            if (logEvent.Level >= LogEventLevel.Warning)
                Words.Enqueue(JsonLog.Read(Text(logEvent)).Single().Words());
        }

        private static string Text(LogEvent logEvent)
        {
            using var text = new StringWriter();
            new LogLines(isJson: true, []).Format(logEvent, text);
            return text.ToString();
        }
    }
}
