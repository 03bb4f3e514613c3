using System.Text;
using Asha.Actors.Execution;
using CsCheck;

namespace Asha.Actors.Tests.Execution;

public class ReportFilterTests
{
    [Theory]
    [InlineData("a\n@asha 1\nb\n", "a\nb\n", "@asha 1")]
    [InlineData("@asha 1", "", "@asha 1")]
    [InlineData("@ash", "@ash", "")]
    [InlineData("@ash\n@asha 2\n", "@ash\n", "@asha 2")]
    [InlineData("@ash@asha 1\n", "@ash@asha 1\n", "")]
    [InlineData("\n\n@asha \n\n", "\n\n", "@asha ")]
    [InlineData("half\n@asha 1\n\n@asha 2\n", "half\n", "@asha 1|@asha 2")]
    [InlineData("a\n\n@asha 1\nb\n\n\n@asha 2\n", "a\nb\n\n", "@asha 1|@asha 2")]
    [InlineData("\n@ash\n\n@", "\n@ash\n\n@", "")]
    [InlineData("@asha 1\n@asha 2\r\nx", "x", "@asha 1|@asha 2\r")]
    public void Lines_go_where_they_belong_however_the_bytes_arrive(string output, string log, string reports)
    {
        for (var size = 1; size <= output.Length; size++)
            Assert.Equal((log, reports), Filtered(Encoding.UTF8.GetBytes(output), size));
    }

    [Fact]
    public void Any_output_is_parted_the_same_way_in_pieces_of_any_size()
        => Gen.Select(Gen.OneOfConst("@asha ", "@ash", "a", "\n", "@", "{}").Array[0, 40], Gen.Int[1, 9]).Sample((pieces, size) =>
        {
            var output = string.Concat(pieces);
            var lines = output.Split('\n');
            // A line that is a report takes its newline with it, and an empty line before it.
            bool IsReport(int n) => n < lines.Length && lines[n].StartsWith("@asha ");
            var log = string.Concat(lines.Select((line, n) => IsReport(n) || (line == "" && IsReport(n + 1)) ? "" : line + (n < lines.Length - 1 ? "\n" : "")));
            var reports = string.Join('|', lines.Where(line => line.StartsWith("@asha ")));
            return Filtered(Encoding.UTF8.GetBytes(output), size) == (log, reports);
        }, iter: 5_000);

    [Fact]
    public void A_report_too_long_is_handed_out_once_and_its_rest_forgotten()
    {
        var (log, reports) = Filtered(Encoding.UTF8.GetBytes("@asha " + new string('x', 300_000) + "\n@asha 2\nlog"), 4096);
        Assert.Equal("log", log);
        Assert.Equal([ReportLine.MaxLength + 1, 7], reports.Split('|').Select(report => report.Length));
    }

    private static (string Log, string Reports) Filtered(byte[] output, int size)
    {
        var log = new StringBuilder();
        var reports = new List<string>();
        var filter = new ReportFilter(line => reports.Add(Encoding.UTF8.GetString(line)), bytes => log.Append(Encoding.UTF8.GetString(bytes)));
        foreach (var chunk in output.Chunk(size))
            filter.Write(chunk);
        filter.Complete();
        return (log.ToString(), string.Join('|', reports));
    }
}
