using Asha.Host.Tests.Cli;

namespace Asha.Host.Tests.Faults;

/// <summary>Trials that take a moment, and keep a list of their own, outside of the run's folder, of what they did: a line as each begins, and one as it ends.</summary>
internal static class SlowTrials
{
    /// <param name="seconds">How long each trains.</param>
    public static string Script(double seconds = .15) => FormattableString.Invariant($$"""
        echo "begins $trial $attempt $start $target" >> "$LEDGER"
        sleep {{seconds}}
        save $target 0.$((trial * 7919 % 1000 + 1000))
        echo "ends $trial $attempt $start $target" >> "$LEDGER"
        """);

    /// <summary>How many lines of the trials' list begin so: <c>begins</c>, <c>ends</c>.</summary>
    public static int Lines(CliSandbox box, string begin) => File.Exists(box.In("ledger")) ? File.ReadLines(box.In("ledger")).Count(line => line.StartsWith(begin, StringComparison.Ordinal)) : 0;

    /// <summary>How many lines of a kind <c>events.jsonl</c> has; also before there is one, and while one is being written.</summary>
    public static int Events(CliSandbox box, string kind = "")
        => Directory.Exists(box.Runs) && Directory.GetDirectories(box.Runs) is [var run] && File.Exists(Path.Combine(run, "events.jsonl"))
            ? File.ReadLines(Path.Combine(run, "events.jsonl")).Count(line => line.StartsWith($"{{\"event\":\"{kind}", StringComparison.Ordinal))
            : 0;

    /// <summary>A sandbox in which they run.</summary>
    public static CliSandbox Sandbox(string? script = null)
    {
        var box = new CliSandbox(script ?? Script());
        box.Environment["LEDGER"] = box.In("ledger");
        return box;
    }
}
