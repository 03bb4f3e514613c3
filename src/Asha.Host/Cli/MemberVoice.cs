using Microsoft.Extensions.Logging;

namespace Asha.Host.Cli;

/// <summary>What a coordinator or a node tells people: a line on standard output, and an event in its log. Where the log itself goes to standard output, that is enough: whoever reads objects there finds nothing else.</summary>
internal sealed class MemberVoice
{
    private readonly ILogger _log;
    private readonly bool _isLogOnOutput;

    public MemberVoice(ILoggerFactory log, bool isLogOnOutput) => (_log, _isLogOnOutput) = (log.CreateLogger("Asha.Member"), isLogOnOutput);

    public void Say(string line)
    {
        if (!_isLogOnOutput)
            Console.Out.WriteLine(Output.Clean(line));
        _log.LogInformation("{Line}", line);
    }

    public void Warn(string line)
    {
        if (!_isLogOnOutput)
            Console.Error.WriteLine(Output.Clean($"asha: warning: {line}"));
        _log.LogWarning("{Line}", line);
    }

    /// <summary>It ends by a mistake of its settings; people are told by whoever takes the exception.</summary>
    public void LogEnd(IEnumerable<string> problems) => _log.LogCritical("Ends: {Problems}", string.Join("; ", problems));
}
