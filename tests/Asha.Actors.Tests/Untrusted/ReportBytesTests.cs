using System.Text;
using Asha.Actors.Execution;
using Asha.Untrusted;
using CsCheck;

namespace Asha.Actors.Tests.Untrusted;

/// <summary>What a trial prints is bytes, and as many as it likes; what is taken for a report is one.</summary>
public class ReportBytesTests
{
    private static readonly byte[][] _reports = [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "reporter-lines.jsonl"))
        .Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("line").GetString()!).Append("@asha {\"resource\":1,\"metric\":0.5,\"checkpoint\":\"epoch-1\",\"more\":{\"a\":[1,{\"b\":null}]}}")
        .Select(line => Encoding.UTF8.GetBytes(line[ReportLine.Prefix.Length..]))];

    [Fact]
    public void A_report_with_bytes_or_values_changed_is_a_report_or_rejected()
        => Gen.OneOf(Mutations.OfBytes(_reports), Mutations.OfJson(_reports)).Sample(text => Fuzz.Bounded(text.Length, () =>
        {
            var report = ReportLine.Parse([.. ReportLine.Prefix, .. text]);
            Assert.NotNull(report);
            if (report is { Problem: null } counts)
                Assert.True(double.IsFinite(counts.Resource) && counts.Resource > 0 && (counts.Checkpoint is not { } path || ReportLine.CheckpointProblem(path) is null));
        }, fixedBytes: 1 << 20), iter: Fuzz.Cases(20_000));

    [Theory]
    [InlineData("{\"resource\":1,\"metric\":2,\"x\":", "[", 30_000)]
    [InlineData("", "{\"resource\":", 5000)]
    [InlineData("{\"resource\":1", "0", 60_000)]
    [InlineData("{\"metric\":1,\"resource\":0.", "0", 60_000)]
    [InlineData("{", "\"resource\":1,", 4900)]
    [InlineData("{", "\"\\ud800\":1,", 5000)]
    [InlineData("{\"resource\":1,\"metric\":2,\"checkpoint\":\"", "../", 20_000)]
    public void What_repeats_up_to_the_longest_line_is_rejected_at_once(string start, string repeated, int times)
    {
        var text = start + string.Concat(Enumerable.Repeat(repeated, times));
        foreach (var end in new[] { "", "}", "\"}", ":1}", ",\"metric\":1}" })
        {
            var line = Encoding.UTF8.GetBytes("@asha " + text + end);
            Fuzz.Bounded(line.Length, () => Assert.NotNull(ReportLine.Parse(line)?.Problem), fixedBytes: 1 << 20);
        }
    }

    [Fact]
    public void Output_of_any_bytes_in_pieces_of_any_size_needs_the_memory_of_one_line()
    {
        byte[][] outputs = [.. _reports.Chunk(3).Select(reports => reports.SelectMany(report => (byte[])[.. ReportLine.Prefix, .. report, (byte)'\n', .. "log\n\n"u8]).ToArray())];
        Gen.Select(Mutations.OfBytes(outputs), Gen.Int[1, 5000]).Sample((output, size) =>
        {
            var (kept, reports) = (0L, 0L);
            Fuzz.Bounded(output.Length, () =>
            {
                var filter = new ReportFilter(line => (kept, reports) = (kept + line.Length, reports + (ReportLine.Parse(line) is null ? 0 : 1)), log => kept += log.Length);
                for (var at = 0; at < output.Length; at += size)
                    filter.Write(output.AsSpan(at, Math.Min(size, output.Length - at)));
                filter.Complete();
            }, fixedBytes: 1 << 20);
            Assert.InRange(kept, 0, output.Length);
        }, iter: Fuzz.Cases(2000));
    }
}
