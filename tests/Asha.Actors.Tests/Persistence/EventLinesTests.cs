using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using Asha.Actors.Persistence;
using Asha.Core.Experiments;
using Asha.Core.Tests;

namespace Asha.Actors.Tests.Persistence;

/// <summary>The lines of a journal, and the recorded ones that every later version has to read.</summary>
public sealed partial class EventLinesTests : IDisposable
{
    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("asha-lines-").FullName, "events.jsonl");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);

    [GeneratedRegex(",\"check\":\"[0-9a-f]{8}\"(?=}\n)")]
    private static partial Regex Check();

    private static byte[] Lines(IEnumerable<ExperimentEvent> events)
    {
        var target = new ArrayBufferWriter<byte>();
        foreach (var happened in events)
            EventLines.Write(target, happened);
        return target.WrittenSpan.ToArray();
    }

    [Fact]
    public void The_recorded_lines_read_as_what_they_say_and_are_written_byte_for_byte()
    {
        // tests/data/events-v1.jsonl was written by the first version. Lines are added to it, never changed: a journal on somebody's disk has them. Their checks came later.
        var events = EventLines.ReadAll("events-v1.jsonl").ToArray();
        Assert.Equal(Samples.Events.Select(Dump.Of), events.Select(Dump.Of));
        Assert.Equal(File.ReadAllText("events-v1.jsonl"), Check().Replace(Encoding.UTF8.GetString(Lines(events)), ""));
        Assert.Null(EventLines.FirstAltered("events-v1.jsonl"));
    }

    [Fact]
    public void A_line_that_was_changed_in_any_way_is_found()
    {
        var lines = Samples.Events.Select(happened => Lines([happened])[..^1]).ToArray();
        Assert.All(lines, line => Assert.True(EventLines.IsIntact(line)));
        foreach (var line in lines)
        {
            // The last character of the check's key and what follows decide whether there is a check at all; before them any byte may change.
            for (var at = 0; at < line.Length - 20; at++)
            {
                var changed = line.ToArray();
                changed[at] ^= 1;
                Assert.False(EventLines.IsIntact(changed));
            }
        }
        File.WriteAllBytes(_path, [.. Lines(Samples.Events.Take(2)), .. Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Lines([Samples.Events[2]])).Replace("0.25", "0.5")), .. Lines([Samples.Events[3]])]);
        Assert.Equal(3, EventLines.FirstAltered(_path));
    }

    [Fact]
    public void A_line_is_flat_and_begins_with_its_event_and_its_time()
        => Assert.Equal("{\"event\":\"slot-joined.1\",\"time\":0.25,\"slot\":3,\"node\":\"node-a\",\"check\":\"4b72bd66\"}\n", Encoding.UTF8.GetString(Lines([Samples.Events[2]])));

    [Fact]
    public void A_last_line_without_its_end_never_counted()
    {
        // The run broke off while it was being written; at whatever byte.
        var whole = Lines(Samples.Events.Skip(1).Take(2));
        var last = Lines([Samples.Events[3]]);
        for (var written = 0; written < last.Length; written++)
        {
            File.WriteAllBytes(_path, [.. whole, .. last.AsSpan(0, written)]);
            Assert.Equal(Samples.Events.Skip(1).Take(2), EventLines.ReadAll(_path));
        }
        File.WriteAllBytes(_path, [.. whole, .. last]);
        Assert.Equal(3, EventLines.ReadAll(_path).Count());
    }

    [Theory]
    [InlineData("{\"event\":\"trial-forked.7\",\"time\":1}", "'trial-forked.7'")]
    [InlineData("{\"time\":1,\"event\":\"slot-lost.1\",\"slot\":1}", "does not begin with its event")]
    [InlineData("{\"event\":\"slot-lost.1\",\"time\":1}", "slot-lost.1")]
    [InlineData("{\"event\":\"join-node.1\",\"node\":\"a\",\"slots\":1}", "join-node.1")]
    [InlineData("", "no JSON object")]
    [InlineData("not JSON", "no JSON object")]
    [InlineData("{\"event\":7}", "no JSON object")]
    public void A_line_that_is_not_known_is_an_error_that_names_file_and_line(string line, string why)
    {
        File.WriteAllBytes(_path, [.. Lines([Samples.Events[2]]), .. Encoding.UTF8.GetBytes(line + "\n"), .. Lines([Samples.Events[3]])]);
        var error = Assert.Throws<UnknownFormatException>(() => EventLines.ReadAll(_path).ToArray());
        Assert.Contains($"{_path}, line 2", error.Message);
        Assert.Contains(why, error.Message);
    }

    [Fact]
    public void A_field_of_a_later_version_is_passed_over()
        => Assert.Equal(new SlotLost(TimeSpan.FromSeconds(1), 2), EventLines.Read("{\"event\":\"slot-lost.1\",\"time\":1,\"slot\":2,\"because\":\"later\"}"u8));

    [Fact]
    public void Long_lines_and_many_lines_are_read_whole()
    {
        var events = Enumerable.Range(0, 300).Select(number => (ExperimentEvent)new ReportRejected(TimeSpan.FromTicks(number), number, 1, new string('x', number * number))).ToArray();
        File.WriteAllBytes(_path, Lines(events));
        Assert.Equal(events, EventLines.ReadAll(_path));
    }

    [Fact]
    public void A_journal_that_is_still_being_written_can_be_read()
    {
        using var writer = new FileStream(_path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        writer.Write(Lines(Samples.Events.Skip(1).Take(2)));
        Assert.Equal(2, EventLines.ReadAll(_path).Count());
    }
}
