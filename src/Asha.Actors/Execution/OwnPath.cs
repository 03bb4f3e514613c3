namespace Asha.Actors.Execution;

/// <summary>
/// Paths in a run's folder, into which trials write too. Where one of them has put a link, a pipe or a device in the place of a folder or file of the engine's, nothing is written, read or deleted there: it may be anybody's. (The run's folder
/// itself may well lie behind a link.) What is asked is so when it is asked; a trial that changes it at that very moment has its user's rights anyway, and does with its own hands whatever it could trick the engine into.
/// </summary>
public static class OwnPath
{
    /// <summary>Makes sure that a folder below the run's is one, or that there is nothing yet, and makes it.</summary>
    /// <exception cref="IOException">Something else is there, or on the way there.</exception>
    public static void MakeFolder(string runFolder, string path)
    {
        Check(runFolder, path, FileKind.Folder);
        Directory.CreateDirectory(path);
    }

    /// <summary>Makes sure that a file below the run's folder is one, or that there is nothing yet.</summary>
    /// <exception cref="IOException">Something else is there, or on the way there.</exception>
    public static void CheckFile(string runFolder, string path) => Check(runFolder, path, FileKind.File);

    /// <summary>A new file in the place of whatever was there: a link is deleted itself, and what it leads to is not touched. For its user alone.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static FileStream Create(string path)
    {
        File.Delete(path);
        return new FileStream(path, ForItsUser(FileMode.CreateNew));
    }

    /// <summary>A file below the run's folder, as it is, or a new one, for its user alone; what is written is not held back.</summary>
    /// <exception cref="IOException">Something else is there, or on the way there; or it cannot be made.</exception>
    public static FileStream OpenOrCreate(string runFolder, string path)
    {
        CheckFile(runFolder, path);
        var options = ForItsUser(FileMode.OpenOrCreate);
        options.BufferSize = 0;
        return new FileStream(path, options);
    }

    /// <summary>The text of a small file.</summary>
    /// <exception cref="IOException">It is no file, or large.</exception>
    public static string ReadText(string path, int limit = 4096)
    {
        if (FileStatus.Of(path).Kind != FileKind.File || new FileInfo(path).Length > limit)
            throw new IOException($"'{path}' is not what Asha wrote there");
        return File.ReadAllText(path);
    }

    /// <summary>A file below the run's folder, to read it; what was opened counts, not what stood there before or stands there since. Nothing is waited for, as a pipe would be.</summary>
    /// <returns><c>null</c>: there is none, it must not be read, or something else is there, or a link on the way there.</returns>
    /// <exception cref="IOException">It cannot be opened now.</exception>
    public static FileStream? OpenToRead(string runFolder, string path) => Libc.RealPath(runFolder) is { } real ? OpenReal(Path.GetFullPath(Path.GetRelativePath(runFolder, path), real)) : null;

    /// <summary>The same of a full path on which there is to be no link at all.</summary>
    internal static FileStream? OpenReal(string path)
    {
        if (!OperatingSystem.IsLinux())
            return File.Exists(path) && FileStatus.Of(path).Kind == FileKind.File && Libc.RealPath(path) == path ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0) : null;
        if (Libc.OpenAtOnce(path) is not { } opened)
            return null;
        if (FileStatus.Of(opened).Kind == FileKind.File && Libc.RealPath($"/proc/self/fd/{opened.DangerousGetHandle()}") == path)
            return new FileStream(opened, FileAccess.Read, bufferSize: 0);
        opened.Dispose();
        return null;
    }

    /// <summary>Whether nothing but folders leads from the run's folder to where <paramref name="path"/> is, or would be.</summary>
    internal static bool IsReached(string runFolder, string path)
    {
        try
        {
            Check(runFolder, Path.GetDirectoryName(path)!, FileKind.Folder);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static FileStreamOptions ForItsUser(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.Read };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    private static void Check(string runFolder, string path, FileKind wanted)
    {
        var steps = Path.GetRelativePath(runFolder, path).Split('/');
        for (var (step, at) = (0, runFolder); step < steps.Length; step++)
        {
            at = Path.Combine(at, steps[step]);
            var expected = step == steps.Length - 1 ? wanted : FileKind.Folder;
            if (KindOf(at) is not { } kind)
                return;
            if (kind != expected)
                throw new IOException($"'{at}' is {Word(kind)} where Asha keeps a {Word(expected)[2..]}: nothing is written, read or deleted there");
        }
    }

    private static FileKind? KindOf(string path)
    {
        try
        {
            return FileStatus.Of(path).Kind;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private static string Word(FileKind kind) => kind switch
    {
        FileKind.File => "a file",
        FileKind.Folder => "a folder",
        FileKind.Link => "a link",
        _ => "a pipe or a device",
    };
}
