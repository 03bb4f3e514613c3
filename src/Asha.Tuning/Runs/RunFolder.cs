using Asha.Actors.Execution;
using Asha.Actors.Persistence;
using Asha.Core.Experiments;
using Asha.Tuning.Journals;

namespace Asha.Tuning.Runs;

/// <summary>
/// The folder of one run: <c>experiment.yaml</c> as resolved, <c>events.jsonl</c>, <c>trials.csv</c>, <c>asha.log</c>, <c>logs/</c>, <c>checkpoints/</c>; and, while it runs,
/// <c>run.lock</c>, held, <c>run.holder</c>, by whom, and <c>run.token</c>, by which the run's processes are known. Private to its user.
/// </summary>
internal sealed class RunFolder
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private RunFolder(string folder)
    {
        Path = folder;
        Checkpoints = new CheckpointStore(folder);
    }

    public string Path { get; }

    public string Name => System.IO.Path.GetFileName(Path);

    public string Events => In("events.jsonl");

    public CheckpointStore Checkpoints { get; }

    /// <summary>There is something in <c>events.jsonl</c>.</summary>
    public bool HasEvents => new FileInfo(Events) is { Exists: true, Length: > 0 };

    /// <summary>It has a journal, or an Asha has been at work here that has not come so far.</summary>
    private bool IsRun => File.Exists(Events) || File.Exists(Lock);

    private string Token => In("run.token");

    private string Lock => In("run.lock");

    private string Holder => In("run.holder");

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
                if (Directory.Exists(folder.Path) || folder.TryMake() is not { } held)
                    continue;
                folder.NameHolder();
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
        throw new UserErrorException($"{given}: this is not the folder of a run: it has no events.jsonl", "'asha ls' lists the runs.");
    }

    /// <summary>Every run below a folder, by name.</summary>
    public static IEnumerable<RunFolder> All(string root) => !Directory.Exists(root)
        ? []
        : Directory.EnumerateDirectories(System.IO.Path.GetFullPath(root)).Order(StringComparer.Ordinal).Select(path => new RunFolder(path)).Where(folder => folder.IsRun);

    /// <summary>Whoever only asks whether it is held has it for a moment.</summary>
    private FileStream TakeLock()
    {
        for (var tries = 5; ; tries--)
        {
            try
            {
                return new FileStream(Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (tries > 0 && File.Exists(Lock))
            {
                Thread.Sleep(100);
            }
        }
    }

    /// <summary>Holds the folder of a run that was begun, for as long as the process lives.</summary>
    /// <exception cref="UserErrorException">Another Asha holds it, or it cannot be written.</exception>
    public FileStream Hold()
    {
        FileStream held;
        try
        {
            held = TakeLock();
        }
        catch (IOException) when (IsHeld())
        {
            throw new UserErrorException($"{Path}: another Asha is at work on this run{HolderText()}", $"'asha pause {Name}' has it end its trials and let go; 'asha show {Name}' says how far it is.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{Path}: the run cannot be gone on with: {error.Message}");
        }
        try
        {
            RunRequests.Forget(Path);
            NameHolder();
            return held;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            held.Dispose();
            throw new UserErrorException($"{Path}: the run cannot be gone on with: {error.Message}");
        }
    }

    private string HolderText()
    {
        try
        {
            return File.Exists(Holder) ? $": {OwnPath.ReadText(Holder).Trim()}" : "";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <summary>For people; that it is held is the lock's to say.</summary>
    private void NameHolder() => Write("run.holder", $"process {Environment.ProcessId} on {Environment.MachineName}, since {DateTimeOffset.UtcNow:yyyy-MM-dd HH:mm:ss}Z\n");

    /// <summary>Whether a living Asha holds the folder. Any number may ask at a time.</summary>
    public bool IsHeld()
    {
        try
        {
            new FileStream(Lock, FileMode.Open, FileAccess.Read, FileShare.Read).Dispose();
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>How long a run that still goes on has been going on; <c>null</c> where it does not.</summary>
    public TimeSpan? SinceStart(RunRecord record)
        => record.State.Ended is null && IsHeld() ? DateTimeOffset.UtcNow - record.State.Engine.Origin.StartedAt + record.State.Engine.Time : null;

    /// <summary>Full path of the checkpoint that the best result can be repeated from, where it is there.</summary>
    public string? BestCheckpoint(RunRecord record)
        => record.State.Best is { ResultCheckpoint: { } newest } best ? Checkpoints.Find(best.Trial, newest) : null;

    /// <summary>A token that no other process carries; kept until <see cref="ForgetToken"/>, for whoever comes after a crash.</summary>
    public string NewToken()
    {
        var token = Guid.NewGuid().ToString("N");
        Write("run.token", token);
        return token;
    }

    public void ForgetToken()
    {
        File.Delete(Token);
        File.Delete(Holder);
    }

    /// <summary>The run has ended. Whatever of it should still be there, on whichever path, is ended too; if that cannot be made sure, the token is kept for the next command.</summary>
    /// <param name="token">The run's, as <see cref="NewToken"/> gave it: what is in the file now, its trials may have written.</param>
    public void EndLeftovers(string token)
    {
        var swept = ProcessSweeper.EndAll(token);
        if (swept.IsComplete || !swept.IsSupported)
            ForgetToken();
    }

    /// <summary>If an Asha was killed while it ran this, ends what it left running.</summary>
    /// <param name="messages">Told what was ended.</param>
    /// <param name="isHeldHere">This process holds the folder, so that nobody else can have begun anything in it.</param>
    /// <returns>Whether nothing of it runs, as far as can be told.</returns>
    public bool EndOrphans(TextWriter messages, bool isHeldHere = false)
    {
        if (!File.Exists(Token) || (!isHeldHere && IsHeld()))
            return true;
        string token;
        try
        {
            token = OwnPath.ReadText(Token);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            messages.WriteLine($"asha: the engine of {Name} was killed; what it left running cannot be told: {error.Message}");
            return true;
        }
        var swept = ProcessSweeper.EndAll(token);
        foreach (var process in swept.Ended)
            messages.WriteLine($"asha: ended process {process.Pid}, left running by {(process.Trial is { } trial ? $"trial {trial}" : "the preparation")} when the engine of {Name} was killed");
        if (!swept.IsSupported)
            messages.WriteLine($"asha: the engine of {Name} was killed; this system cannot be searched for what it left running");
        else if (swept.IsComplete)
            ForgetToken();
        return swept.IsComplete || !swept.IsSupported;
    }

    private FileStream? TryMake()
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(Path);
        else
            Directory.CreateDirectory(Path, Private);
        try
        {
            return new FileStream(Lock, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(Lock))
        {
            return null;
        }
    }

    private void Apply(RunRecord record, ExperimentEvent happened, int line)
    {
        try
        {
            record.Apply(happened);
        }
        catch (Exception)
        {
            // The fold trusts the journal. Whatever it stumbles over, somebody has changed the file.
            throw new UserErrorException($"{Events}, line {line}: '{AshaFormat.ManifestOf(happened)}' does not follow from the lines before it");
        }
    }

    /// <summary>Writes a file of the run's, whole or not at all: whoever goes on with a run on a full disk does not lose what was in it.</summary>
    public void Write(string name, string text)
    {
        var temporary = In($"{name}.new");
        using (var file = new StreamWriter(OwnPath.Create(temporary)))
            file.Write(text);
        File.Move(temporary, In(name), overwrite: true);
    }

    /// <summary>Folds the run's events.</summary>
    /// <param name="record">Where into; by default one that keeps the state and the utilization alone.</param>
    /// <exception cref="UserErrorException">They cannot be read, or are of a later version.</exception>
    public RunRecord ReadRecord(RunRecord? record = null)
    {
        record ??= new RunRecord();
        foreach (var (index, happened) in ReadEvents().Index())
            Apply(record, happened, index + 1);
        return record;
    }

    /// <summary>The run's events, in order; the first one is its <see cref="ExperimentStarted"/>.</summary>
    /// <exception cref="UserErrorException">They cannot be read, or are of a later version.</exception>
    public IEnumerable<ExperimentEvent> ReadEvents()
        => File.Exists(Events) ? ReadEvents(Events)
            : !RunJournal.IsIn(Path) || RunJournal.IsGone(Path) ? throw new UserErrorException($"{Path}: the run {(IsHeld() ? "has not begun yet: it is being prepared" : "broke off before it began")}")
            : IsHeld() ? throw new UserErrorException($"{Path}: the run has not begun yet, or somebody has deleted its events.jsonl, which comes back when it is gone on with")
            : throw new UserErrorException($"{Path}: the run broke off before it began, or its events.jsonl is gone", $"'asha resume {Name}' goes on with it if its journal has anything, and writes that anew.");

    /// <summary>The events of any file.</summary>
    /// <exception cref="UserErrorException">They cannot be read, or are of a later version.</exception>
    public static IEnumerable<ExperimentEvent> ReadEvents(string path)
    {
        using var events = EventLines.ReadAll(path).GetEnumerator();
        var isFirst = true;
        for (; Next(path, events) is { } happened; isFirst = false)
            yield return !isFirst || happened is ExperimentStarted ? happened : throw new UserErrorException($"{path}, line 1: a run begins with 'experiment-started'");
        if (isFirst)
            throw new UserErrorException($"{path}: the run broke off before it began");
    }

    private static ExperimentEvent? Next(string path, IEnumerator<ExperimentEvent> events)
    {
        try
        {
            return events.MoveNext() ? events.Current : null;
        }
        catch (UnknownFormatException unknown)
        {
            throw new UserErrorException(unknown.Message);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{path}: cannot be read: {error.Message}");
        }
    }
}
