using System.Text;
using System.Text.Json;
using Asha.Actors.Execution;
using Asha.Core.Experiments;
using CsCheck;

namespace Asha.Actors.Tests.Execution;

public class ReportLineTests
{
    private static readonly string[] _lines = Lines("protocol-lines.jsonl");

    public static TheoryData<string> Golden() => [.. _lines];

    public static TheoryData<string> GoldenOfReporters() => [.. Lines("reporter-lines.jsonl")];

    [Theory]
    [MemberData(nameof(Golden))]
    public void A_golden_line_means_what_the_file_says(string entry)
    {
        var golden = JsonDocument.Parse(entry).RootElement;
        var parsed = Parse(golden.GetProperty("line").GetString()!);

        if (golden.TryGetProperty("report", out var report))
        {
            Assert.Equal(Report(report), parsed);
        }
        else if (golden.TryGetProperty("rejected", out var why))
        {
            Assert.Equal(TrialReport.Rejected(why.GetString()!), parsed);
        }
        else
        {
            Assert.Null(parsed);
        }
    }

    [Theory]
    [MemberData(nameof(GoldenOfReporters))]
    public void A_line_of_a_reporter_means_what_the_reporter_was_given(string entry)
    {
        var golden = JsonDocument.Parse(entry).RootElement;
        Assert.Equal(Report(golden), Parse(golden.GetProperty("line").GetString()!));
    }

    [Fact]
    public void A_line_may_be_64_KiB_long_and_no_longer()
    {
        const string start = "@asha {\"resource\":1,\"metric\":2}";
        Assert.Equal(new TrialReport(1, 2), Parse(start.PadRight(65536)));
        Assert.Equal("longer than 64 KiB", Parse(start.PadRight(65537))?.Problem);
        Assert.Null(Parse(new string('x', 1_000_000)));
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_are_rejected_even_in_a_key_that_is_ignored()
    {
        byte[] line = [.. "@asha {\"resource\":1,\"metric\":2,\"x\":\""u8, 0xC3, 0x28, .. "\"}"u8];
        Assert.Equal("not UTF-8", ReportLine.Parse(line)?.Problem);
    }

    [Fact]
    public void Random_bytes_never_throw()
        => Gen.Byte.Array[0, 200].Sample(bytes =>
        {
            ReportLine.Parse(bytes);
            ReportLine.Parse([.. ReportLine.Prefix, .. bytes]);
        }, iter: 20_000);

    [Fact]
    public void A_golden_line_with_bytes_changed_never_throws_and_never_gives_nonsense()
        => Gen.Select(Gen.OneOfConst(_lines), Gen.Select(Gen.Int[0, 10_000], Gen.Byte, Gen.Int[0, 2]).Array[1, 4]).Sample((entry, changes) =>
        {
            var line = Encoding.UTF8.GetBytes(JsonDocument.Parse(entry).RootElement.GetProperty("line").GetString()!).ToList();
            foreach (var (at, value, kind) in changes)
            {
                var place = line.Count == 0 ? 0 : at % line.Count;
                if (kind == 0 || line.Count == 0)
                    line.Insert(place, value);
                else if (kind == 1)
                    line[place] = value;
                else
                    line.RemoveAt(place);
            }
            var parsed = ReportLine.Parse([.. line]);
            if (parsed is { Problem: null } report)
                Assert.True(double.IsFinite(report.Resource) && report.Resource > 0 && report.Checkpoint is not ['/', ..]);
        }, iter: 50_000);

    private static string[] Lines(string file) => File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, file));

    private static TrialReport Report(JsonElement golden)
    {
        var metric = golden.GetProperty("metric");
        return new(
            golden.GetProperty("resource").GetDouble(),
            metric.ValueKind == JsonValueKind.String ? double.Parse(metric.GetString()!) : metric.GetDouble(),
            golden.TryGetProperty("checkpoint", out var checkpoint) ? checkpoint.GetString() : null);
    }

    private static TrialReport? Parse(string line) => ReportLine.Parse(Encoding.UTF8.GetBytes(line));
}
