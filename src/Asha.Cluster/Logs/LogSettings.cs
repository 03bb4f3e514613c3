using Microsoft.Extensions.Logging;

namespace Asha.Cluster.Logs;

/// <summary>What a member's log has in it, how that is written, and where.</summary>
public sealed record LogSettings
{
    /// <summary>In the place of a file: standard output.</summary>
    public const string Output = "stdout";

    /// <summary>What Asha itself says is written from this level on.</summary>
    public LogLevel Level { get; init; } = LogLevel.Information;

    /// <summary>What Akka and the web servers say themselves, from this one on: what is news to people is at one level higher there.</summary>
    public LogLevel OthersLevel => Level switch
    {
        LogLevel.Trace => LogLevel.Debug,
        LogLevel.Debug => LogLevel.Information,
        LogLevel.Information => LogLevel.Warning,
        _ => Level,
    };

    /// <summary>One JSON object a line, in place of text for people.</summary>
    public bool IsJson { get; init; }

    /// <summary>Full path of the file, or <see cref="Output"/>; <c>null</c>: <c>asha.log</c> in the member's folder.</summary>
    public string? To { get; init; }

    /// <summary>Whether it goes to standard output: then what people are told is part of it, and nothing else stands there.</summary>
    public bool IsOnOutput => To == Output;
}
