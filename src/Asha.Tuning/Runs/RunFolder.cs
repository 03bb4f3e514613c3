using Asha.Actors.Execution;
using Asha.Core.Experiments;

namespace Asha.Tuning.Runs;

/// <summary>
/// The folder of one run: <c>experiment.yaml</c> as resolved, <c>events.jsonl</c>, <c>trials.csv</c>, <c>asha.log</c>, <c>logs/</c>, <c>checkpoints/</c>; and, while it runs,
/// <c>run.lock</c>, held, <c>run.holder</c>, by whom (<see cref="RunLock"/>), and <c>run.token</c>, by which the run's processes are known (<see cref="RunToken"/>). What its events say: <see cref="RunEvents"/>. Private to its user.
/// </summary>
internal sealed class RunFolder
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private RunFolder(string folder, string? checkpoints = null)
    {
        Path = folder;
        Checkpoints = new CheckpointStore(checkpoints ?? folder);
    }

    public string Path { get; }

    public string Name => System.IO.Path.GetFileName(Path);

    public string Events => In("events.jsonl");

    public CheckpointStore Checkpoints { get; }

    /// <summary>It has a journal, or an Asha has been at work here that has not come so far.</summary>
    private bool IsRun => File.Exists(Events) || this.HasLock;

    public string In(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>
    /// Makes the folder of a new run below <paramref name="root"/>, and holds it for as long as the process lives; the operating system lets go when it dies. Of several
    /// that find the same name free at once, the one that makes the lock file has it.
    /// </summary>
    /// <param name="root">The folder of all runs.</param>
    /// <param name="experiment">The experiment's name, with which the run's begins.</param>
    /// <param name="now">The run's name ends with it.</param>
    /// <param name="option">By what the user may choose another root.</param>
    public static (RunFolder Folder, FileStream Held) Create(string root, string experiment, DateTimeOffset now, string option = "--runs")
    {
        var name = System.IO.Path.Combine(System.IO.Path.GetFullPath(root), $"{experiment}-{now.UtcDateTime:yyyyMMdd-HHmmss}");
        try
        {
            Directory.CreateDirectory(root);
            for (var number = 1; ; number++)
            {
                var folder = new RunFolder(number == 1 ? name : $"{name}-{number}");
                if (!Directory.Exists(folder.Path) && folder.HoldNew() is { } held)
                    return (folder, held);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{root}: no run can be kept here: {error.Message}", $"Choose another folder with {option}.");
        }
    }

    /// <summary>Opens the folder of a run, given as a path or as a name below <paramref name="root"/>.</summary>
    public static RunFolder Open(string given, string root)
    {
        foreach (var candidate in new[] { given, System.IO.Path.Combine(root, given) })
        {
            var folder = new RunFolder(System.IO.Path.GetFullPath(candidate.TrimEnd('/')));
            if (folder.IsRun)
                return folder;
        }
        throw new UserErrorException($"{given}: this is not the folder of a run: it has no events.jsonl", "'asha ls' lists the runs. Those of a cluster it has with --to, or with ASHA_SERVER in the environment.");
    }

    /// <summary>The folder in which a node of a cluster keeps what it has of a run: it is no run's of one machine, and has no journal.</summary>
    /// <param name="path">Of the run's folder.</param>
    /// <param name="shared">Where all nodes keep checkpoints, each run's in a folder with its name; <c>null</c>: they are in the run's.</param>
    public static RunFolder OfNode(string path, string? shared = null) => new(path, shared is null ? null : System.IO.Path.Combine(shared, System.IO.Path.GetFileName(path)));

    /// <summary>Every run below a folder, by name.</summary>
    public static IEnumerable<RunFolder> All(string root) => !Directory.Exists(root)
        ? []
        : Directory.EnumerateDirectories(System.IO.Path.GetFullPath(root)).Order(StringComparer.Ordinal).Select(path => new RunFolder(path)).Where(folder => folder.IsRun);

    /// <summary>Full path of the checkpoint that the best result can be repeated from, where it is there.</summary>
    public string? BestCheckpoint(RunRecord record)
        => record.State.Best is { ResultCheckpoint: { } newest } best ? Checkpoints.Find(best.Trial, newest) : null;

    /// <summary>Writes a file of the run's, whole or not at all: whoever goes on with a run on a full disk does not lose what was in it.</summary>
    public void Write(string name, string text)
    {
        var temporary = In($"{name}.new");
        using (var file = new StreamWriter(OwnPath.Create(temporary)))
            file.Write(text);
        File.Move(temporary, In(name), overwrite: true);
    }

    private FileStream? HoldNew()
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(Path);
        else
            Directory.CreateDirectory(Path, Private);
        return this.HoldFirst();
    }
}
