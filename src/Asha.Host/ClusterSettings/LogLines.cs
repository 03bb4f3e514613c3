using Asha.Host.Cli;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Compact;
using Serilog.Formatting.Display;
using Serilog.Formatting.Json;
using Serilog.Parsing;

namespace Asha.Host.ClusterSettings;

/// <summary>
/// How an event of a member's log is written: as text for people, or as one JSON object a line (Serilog's compact format, with the message in words). Secrets of the process are crossed out, in messages, properties and exceptions alike.
/// </summary>
/// <param name="isJson">Whether as JSON.</param>
/// <param name="secrets">What must not be in it.</param>
internal sealed class LogLines(bool isJson, IReadOnlyList<string> secrets) : ITextFormatter
{
    private const string CrossedOut = "***";

    private static readonly MessageTemplateTextFormatter _text = new("{Timestamp:yyyy-MM-dd HH:mm:ss.fff zzz} [{Level:u3}] {Message:l}{NewLine}{Exception}"), _message = new("{Message:l}");
    private static readonly RenderedCompactJsonFormatter _json = new();

    /// <summary>As they are, and as they look within a JSON text.</summary>
    private readonly string[] _secrets = [.. secrets.Concat(secrets.Select(secret => Quoted(secret))).Distinct()];

    public void Format(LogEvent logEvent, TextWriter output)
    {
        using var line = new StringWriter();
        if (isJson)
            _json.Format(InWords(logEvent), line);
        else
            _text.Format(logEvent, line);
        var text = line.ToString();
        foreach (var secret in _secrets)
            text = text.Replace(secret, CrossedOut, StringComparison.Ordinal);
        output.Write(isJson ? text : Output.Clean(text));
    }

    private static string Quoted(string secret)
    {
        using var quoted = new StringWriter();
        JsonValueFormatter.WriteQuotedJsonString(secret, quoted);
        return quoted.ToString()[1..^1];
    }

    /// <summary>The same event, with its message as people read it: the format of itself would put quotes around each text in it.</summary>
    private static LogEvent InWords(LogEvent logEvent)
    {
        using var words = new StringWriter();
        _message.Format(logEvent, words);
        return new LogEvent(logEvent.Timestamp, logEvent.Level, logEvent.Exception, new MessageTemplate(logEvent.MessageTemplate.Text, [new TextToken(words.ToString())]), logEvent.Properties.Select(property => new LogEventProperty(property.Key, property.Value)));
    }
}
