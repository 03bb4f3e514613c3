using System.Diagnostics;
using System.Globalization;

namespace Asha.Actors.Execution;

/// <summary>A process that was ended; <c>null</c> numbers where it belonged to the preparation.</summary>
public sealed record SweptProcess(int Pid, int? Trial, int? Attempt);

/// <param name="IsSupported">Whether this machine can be searched at all (it has /proc).</param>
/// <param name="Ended">What was ended.</param>
/// <param name="IsComplete">Nothing was left at the end.</param>
public sealed record SweepResult(bool IsSupported, IReadOnlyList<SweptProcess> Ended, bool IsComplete);

/// <summary>Ends processes by the token in their environment, for good: SIGKILL, until a look around finds none.</summary>
public static class ProcessSweeper
{
    /// <summary>A process that has been killed is gone in a moment, unless the kernel cannot let go of it (a dead network drive).</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    /// <summary>Of all attempts of this process, each of which looks once at its end.</summary>
    private static readonly ProcessTokens _seen = new();

    /// <summary>Ends everything that an earlier Asha, which is no more, has left of this run.</summary>
    public static SweepResult EndAll(string runToken) => Sweep(new(), token => token.StartsWith(runToken + ":", StringComparison.Ordinal));

    /// <summary>The token of an attempt's processes.</summary>
    internal static string Token(string runToken, int trial, int attempt) => $"{runToken}:{trial}:{attempt}";

    /// <summary>The token of the preparation's processes.</summary>
    internal static string PrepareToken(string runToken) => $"{runToken}:prepare";

    internal static SweepResult EndOne(string token) => Sweep(_seen, carried => carried == token);

    private static SweepResult Sweep(ProcessTokens tokens, Func<string, bool> matches)
    {
        if (!ProcessTable.IsAvailable)
            return new(false, [], false);
        var ended = new Dictionary<int, SweptProcess>();
        var start = Stopwatch.GetTimestamp();
        // A process that starts another while the list is read can be found itself while its child is missed. So once
        // something was found, only two looks in a row without any find are the end.
        // Looks take turns, so that on a busy machine the wait for them is not to be taken for a kernel that does not let go.
        for (int empty = 1, looks = 1; ; looks++)
        {
            var found = tokens.Carriers(matches);
            foreach (var (pid, token) in found)
            {
                if (ProcessTable.Kill(pid, token))
                    ended.TryAdd(pid, Describe(pid, token));
            }
            empty = found.Count > 0 ? 0 : empty + 1;
            if (empty == 2)
                return new(true, [.. ended.Values], true);
            if (looks >= 5 && Stopwatch.GetElapsedTime(start) > _patience)
                return new(true, [.. ended.Values], false);
            Thread.Sleep(5);
        }
    }

    private static SweptProcess Describe(int pid, string token)
    {
        var parts = token.Split(':');
        return new(pid, Number(parts, 2), Number(parts, 1));

        static int? Number(string[] parts, int fromEnd)
            => parts.Length >= 3 && int.TryParse(parts[^fromEnd], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
