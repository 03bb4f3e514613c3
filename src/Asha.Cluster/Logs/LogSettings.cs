using Microsoft.Extensions.Logging;

namespace Asha.Cluster.Logs;

/// <summary>What a member's log has in it, how that is written, and where.</summary>
public sealed record LogSettings
{
    /// <summary>In the place of a file: standard output.</summary>
    public const string Output = "stdout";

    /// <summary>What Asha itself says is written from this level on; what Akka does, from the next higher one on, at least from warnings.</summary>
    public LogLevel Level { get; init; } = LogLevel.Information;

    /// <summary>One JSON object a line, in place of text for people.</summary>
    public bool IsJson { get; init; }

    /// <summary>Full path of the file, or <see cref="Output"/>; <c>null</c>: <c>asha.log</c> in the member's folder.</summary>
    public string? To { get; init; }

    /// <summary>Whether it goes to standard output: then what people are told is part of it, and nothing else stands there.</summary>
    public bool IsOnOutput => To == Output;
}
