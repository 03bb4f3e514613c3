using System.Globalization;
using System.Text;

namespace Asha.Crashes;

/// <summary>A process of a trial, or of another program that an engine started.</summary>
/// <param name="Engine">The number of the engine that it comes from.</param>
/// <param name="Trial">Of which trial; −1: of none.</param>
internal sealed record Descendant(int Pid, int Engine, int Trial, int Attempt);

/// <summary>What runs of all that this program started, found by a mark in the environment.</summary>
internal sealed class Processes
{
    private const string Mark = "CRASH_MARK", EngineNumber = "CRASH_ENGINE";

    private readonly string _mark = Guid.NewGuid().ToString("N");

    /// <summary>What an engine, and so everything below it, has in its environment.</summary>
    public IEnumerable<(string Name, string Value)> MarksOf(int engine) => [(Mark, _mark), (EngineNumber, engine.ToString(CultureInfo.InvariantCulture))];

    /// <summary>All but the engines themselves.</summary>
    public IReadOnlyList<Descendant> Descendants() => Marked("ASHA_TOKEN");

    /// <summary>Ends everything, engines too.</summary>
    public void EndAll()
    {
        while (Marked(EngineNumber) is { Count: > 0 } left)
        {
            foreach (var process in left)
                Libc.Signal(process.Pid, Libc.Kill);
        }
    }

    /// <param name="also">What is in their environment beside the mark.</param>
    private List<Descendant> Marked(string also)
    {
        var found = new List<Descendant>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) || State(pid) is 'Z')
                continue;
            var environment = Environment(folder);
            if (environment.GetValueOrDefault(Mark) == _mark && environment.ContainsKey(also))
                found.Add(new Descendant(pid, Number(EngineNumber), environment.ContainsKey("ASHA_TRIAL_ID") ? Number("ASHA_TRIAL_ID") : -1, environment.ContainsKey("ASHA_ATTEMPT") ? Number("ASHA_ATTEMPT") : -1));

            int Number(string name) => int.Parse(environment[name], CultureInfo.InvariantCulture);
        }
        return found;
    }

    /// <summary>The letter of a process's state, the worst of its threads where one is named; <c>null</c>: it is gone.</summary>
    public static char? State(int pid, int? thread = null)
    {
        try
        {
            var text = File.ReadAllText(thread is null ? $"/proc/{pid}/stat" : $"/proc/{pid}/task/{thread}/stat");
            return text[text.LastIndexOf(')') + 2];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Stops a process, and waits until none of its threads does anything any more: what was in the kernel's hands, such as a write, is done.</summary>
    public static void Freeze(int pid)
    {
        if (!Libc.Signal(pid, Libc.Stop))
            return;
        while (Threads(pid).Any(thread => State(pid, thread) is not (null or 'T' or 'Z' or 'X')))
            Thread.Sleep(1);
    }

    private static IReadOnlyList<int> Threads(int pid)
    {
        try
        {
            return [.. Directory.EnumerateDirectories($"/proc/{pid}/task").Select(path => int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture))];
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static Dictionary<string, string> Environment(string folder)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(folder, "environ"))).Split('\0').Select(entry => entry.Split('=', 2)).Where(parts => parts.Length == 2)
                .GroupBy(parts => parts[0]).ToDictionary(group => group.Key, group => group.First()[1]);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return []; // It is gone, or another user's.
        }
    }
}
