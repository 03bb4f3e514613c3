using System.Diagnostics;

namespace Asha.Crashes.Faults;

/// <summary>A tmpfs of a few megabytes, mounted for one run. It takes root, or a namespace in which one is.</summary>
internal sealed class SmallDisk : IDisposable
{
    public SmallDisk(string folder)
    {
        Directory.CreateDirectory(folder);
        Folder = folder;
        if (Run("mount", "-t", "tmpfs", "-o", "size=24m", "asha-crashes", folder) != 0)
            throw new InvalidOperationException("no tmpfs could be mounted; run it as root, or as: unshare --user --map-root-user --mount dotnet run …; or with --no-small-disk");
    }

    public string Folder { get; }

    public bool IsFull => File.Exists(Filler);

    private string Filler => Path.Combine(Folder, "filler");

    /// <summary>Takes what is free, to the last byte.</summary>
    public void Fill()
    {
        try
        {
            using var file = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            for (var block = new byte[1 << 16]; block.Length > 0;)
            {
                try
                {
                    file.Write(block);
                }
                catch (IOException)
                {
                    block = new byte[block.Length / 2];
                }
            }
        }
        catch (IOException)
        {
            // Not even the file has room: it is full.
        }
    }

    public void Free() => File.Delete(Filler);

    public void Dispose() => Run("umount", "--lazy", Folder);

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        return process.ExitCode;
    }
}
