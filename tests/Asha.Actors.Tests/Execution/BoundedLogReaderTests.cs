using System.Text;
using Asha.Actors.Execution;

namespace Asha.Actors.Tests.Execution;

/// <summary>A log that is read while it is written, also when it has begun to leave out its middle.</summary>
public sealed class BoundedLogReaderTests : IDisposable
{
    private const int Limit = 8 * 1024;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("asha-log-");

    private string Log => Path.Combine(_folder.FullName, "trial.log");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Each_reading_gives_what_came_since_and_the_end_is_never_missed()
    {
        var reader = new BoundedLogReader(Log, Limit);
        Assert.Equal("", Read(reader));
        using var log = new BoundedLog(Log, "attempt 1", Limit);
        var read = new StringBuilder();
        for (var line = 0; line < 2000; line++)
        {
            log.Write(Encoding.UTF8.GetBytes($"line {line}\n"));
            log.Flush();
            if (line % 3 == 0)
                read.Append(Read(reader));
        }
        log.Flush();
        read.Append(Read(reader));
        Assert.Equal("", Read(reader));
        // Nothing was missed: it was read faster than the log left out.
        var lines = read.ToString().Split('\n').Where(line => line.StartsWith("line ", StringComparison.Ordinal)).ToArray();
        Assert.Equal(Enumerable.Range(0, 2000).Select(line => $"line {line}"), lines);
    }

    [Fact]
    public void Another_reader_goes_on_from_a_position_and_begins_anew_with_a_new_log()
    {
        var position = 0L;
        var read = new StringBuilder();
        using (var log = new BoundedLog(Log, "attempt 1", Limit))
        {
            for (var line = 0; line < 2000; line++)
            {
                log.Write(Encoding.UTF8.GetBytes($"line {line}\n"));
                log.Flush();
                var reader = new BoundedLogReader(Log, Limit) { Position = position };
                read.Append(Read(reader));
                position = reader.Position;
            }
        }
        Assert.Equal(Enumerable.Range(0, 2000).Select(line => $"line {line}"), read.ToString().Split('\n').Where(line => line.StartsWith("line ", StringComparison.Ordinal)));
        // Somebody has deleted it, and it was begun again.
        File.Delete(Log);
        using (var log = new BoundedLog(Log, "attempt 2", Limit))
            Assert.Equal("=== attempt 2 ===\n", Read(new BoundedLogReader(Log, Limit) { Position = position }));
    }

    [Fact]
    public void Who_reads_too_late_is_told_how_much_is_missing()
    {
        var reader = new BoundedLogReader(Log, Limit);
        using var log = new BoundedLog(Log, "attempt 1", Limit);
        log.Write("first\n"u8);
        Assert.EndsWith("first\n", Read(reader));
        for (var line = 0; line < 2000; line++)
            log.Write(Encoding.UTF8.GetBytes($"line {line}\n"));
        log.Flush();
        var rest = Read(reader);
        Assert.Contains(" bytes left out ===\n", rest);
        Assert.EndsWith("line 1999\n", rest);
        Assert.DoesNotContain("first", rest);
    }

    private static string Read(BoundedLogReader reader) => Encoding.UTF8.GetString(reader.ReadNew());
}
