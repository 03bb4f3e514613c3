using Asha.Actors.Persistence;
using Asha.Host.Tests.Faults;

namespace Asha.Actors.Tests.Persistence;

/// <summary><c>events.jsonl</c> on a disk that is full for a while, though its journal is not: on another disk, or a server.</summary>
public sealed class EventsFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("asha-events-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [RootFact]
    public void What_could_not_be_written_waits_and_no_half_line_is_left()
    {
        using var disk = new SmallDisk(Path.Combine(_folder, "disk"), "64k");
        var path = Path.Combine(_folder, "disk", "events.jsonl");
        using var file = new EventsFile(path);
        file.Complete([]);
        file.Append(Line('a'));
        disk.Fill();
        foreach (var letter in "bc")
        {
            file.Append(Line(letter));
            Assert.Contains("No space left", file.Problem);
            Assert.Equal(Line('a'), File.ReadAllBytes(path));
            Assert.Null(file.Mark()); // No snapshot stands on what is not there.
        }
        disk.Free();
        file.Append(Line('d'));
        Assert.Null(file.Problem);
        Assert.Equal([.. Line('a'), .. Line('b'), .. Line('c'), .. Line('d')], File.ReadAllBytes(path));
        Assert.Equal(4 * 5000, file.Mark()!.Bytes);
        Assert.NotNull(file.Read(file.Mark()!));

        // Longer than a page of the disk, so that a part of it finds room.
        static byte[] Line(char letter) => [.. Enumerable.Repeat((byte)letter, 4999), (byte)'\n'];
    }
}
