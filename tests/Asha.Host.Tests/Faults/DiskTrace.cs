using System.Globalization;
using System.Text.RegularExpressions;

namespace Asha.Host.Tests.Faults;

/// <summary>A system call of a trace: which, on what, with what, and the places in the trace at which it began and ended.</summary>
internal sealed record TracedCall(string Name, string Arguments, int Began, int Ended, string Result)
{
    /// <summary>The first argument is an open file of this name.</summary>
    public bool IsOn(string file) => Regex.IsMatch(Arguments, $@"^\d+<[^>]*/{Regex.Escape(file)}>");
}

/// <summary>What strace wrote with <c>-f -y</c>, its calls whole again where others came between.</summary>
internal static partial class DiskTrace
{
    [GeneratedRegex(@"^(?<pid>\d+) +(?<name>\w+)\((?<args>.*?)(?<open> <unfinished \.\.\.>)?(\) += (?<result>-?\w+).*)?$")]
    private static partial Regex Begins();

    [GeneratedRegex(@"^(?<pid>\d+) +<\.\.\. (?<name>\w+) resumed>(?<args>.*?)(\) += (?<result>-?\w+).*)?$")]
    private static partial Regex Goes();

    /// <summary>The checks of the events in what was written: <c>"check":"9ae0daaf"</c> ends each line of a journal.</summary>
    [GeneratedRegex("""check\\":\\"(?<check>[0-9a-f]{8})\\"}""")]
    private static partial Regex Check();

    public static IReadOnlyList<TracedCall> Read(string path)
    {
        var calls = new List<TracedCall>();
        var open = new Dictionary<int, int>();
        var place = 0;
        foreach (var line in File.ReadLines(path))
        {
            place++;
            if (Goes().Match(line) is { Success: true } rest)
            {
                if (open.Remove(Pid(rest), out var begun))
                    calls[begun] = calls[begun] with { Arguments = calls[begun].Arguments + rest.Groups["args"].Value, Ended = place, Result = rest.Groups["result"].Value };
            }
            else if (Begins().Match(line) is { Success: true } begin)
            {
                var isOpen = begin.Groups["open"].Success;
                if (isOpen)
                    open[Pid(begin)] = calls.Count;
                calls.Add(new TracedCall(begin.Groups["name"].Value, begin.Groups["args"].Value, place, isOpen ? int.MaxValue : place, begin.Groups["result"].Value));
            }
        }
        return calls;
    }

    public static IEnumerable<string> ChecksIn(TracedCall call) => Check().Matches(call.Arguments).Select(match => match.Groups["check"].Value);

    private static int Pid(Match match) => int.Parse(match.Groups["pid"].ValueSpan, CultureInfo.InvariantCulture);
}
