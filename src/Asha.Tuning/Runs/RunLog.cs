using Microsoft.Extensions.Logging;

namespace Asha.Tuning.Runs;

/// <summary>
/// <c>asha.log</c> for a run in a program of somebody else: the engine's warnings and worse, and the same to the program's own loggers. The file is there from the first line on.
/// </summary>
internal sealed class RunLog(string path, ILoggerFactory? others) : ILoggerFactory
{
    private readonly Lock _lock = new();

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName, others?.CreateLogger(categoryName));

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("A run's log is a file, and what its program logs to.");

    /// <summary>The program's loggers are the program's.</summary>
    public void Dispose() { }

    private void Write(string category, LogLevel level, string message, Exception? error)
    {
        lock (_lock)
        {
            try
            {
                File.AppendAllText(path, $"{DateTimeOffset.UtcNow:yyyy-MM-dd HH:mm:ss.fff}Z [{level}] {category}: {message}{(error is null ? "" : $"\n{error}")}\n");
            }
            catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
            {
                // A log that cannot be written must not end what it is a log of.
            }
        }
    }

    private sealed class Category(RunLog log, string name, ILogger? other) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => other?.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning || other?.IsEnabled(logLevel) == true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Warning && logLevel != LogLevel.None)
                log.Write(name, logLevel, formatter(state, exception), exception);
            other?.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
