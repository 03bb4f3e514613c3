using Microsoft.Extensions.Logging;

namespace Asha.Host.Cli;

/// <summary>What a coordinator or a node tells people: a line on standard output, and an event in its log. Where the log itself goes to standard output, that is enough: whoever reads objects there finds nothing else.</summary>
internal sealed partial class MemberVoice
{
    private readonly ILogger _log;
    private readonly bool _isLogOnOutput;

    public MemberVoice(ILoggerFactory log, bool isLogOnOutput) => (_log, _isLogOnOutput) = (log.CreateLogger("Asha.Member"), isLogOnOutput);

    public void Say(string line)
    {
        if (!_isLogOnOutput)
            Console.Out.WriteLine(Output.Clean(line));
        LogSaid(line);
    }

    public void Warn(string line)
    {
        if (!_isLogOnOutput)
            Console.Error.WriteLine(Output.Clean($"asha: warning: {line}"));
        LogWarned(line);
    }

    /// <summary>It ends by a mistake of its settings; people are told by whoever takes the exception.</summary>
    public void LogEnd(IEnumerable<string> problems) => LogEnded(string.Join("; ", problems));

    [LoggerMessage(Level = LogLevel.Information, Message = "{Line}")]
    private partial void LogSaid(string line);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Line}")]
    private partial void LogWarned(string line);

    [LoggerMessage(Level = LogLevel.Critical, Message = "ends: {Problems}")]
    private partial void LogEnded(string problems);
}
