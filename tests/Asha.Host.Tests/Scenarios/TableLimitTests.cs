using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Asha.Host.ExperimentFiles;
using Asha.Host.Scenarios;

namespace Asha.Host.Tests.Scenarios;

/// <summary>Tables that are too large, or no files at all: told, and not held in memory.</summary>
public sealed class TableLimitTests : IDisposable
{
    private const string World = """
        name: table
        metric: {name: loss, mode: min}
        resource: {name: epoch, min: 1, max: 4}
        scheduler: {reduction-factor: 4}
        stop: {after: 1h}
        compare: [{type: sha}, {type: asha}]
        sweep: {world.slots: [1, 2, 3]}
        world: {table: curves.csv}

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("asha-tables-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string In(string name) => Path.Combine(_folder, name);

    private IReadOnlyList<string> Problems(string table)
    {
        File.WriteAllText(In("world.yaml"), World);
        return [.. ScenarioFile.Load(In("world.yaml"), [new Override("world", $"{{slots: 1, table: {table}}}")]).Problems.Select(problem => problem.Message)];
    }

    /// <summary>Writes the pieces one after the other, gzipped.</summary>
    private void Gzip(string name, IEnumerable<string> pieces)
    {
        using var target = new GZipStream(File.Create(In(name)), CompressionLevel.Fastest);
        foreach (var piece in pieces)
            target.Write(Encoding.UTF8.GetBytes(piece));
    }

    [Fact]
    public void What_unpacks_to_more_than_anyone_needs_is_not_unpacked()
    {
        // 300 MiB of comments in a column that is skipped.
        var row = $"1,2,3,{new string('x', 90_000)}\n";
        Gzip("bomb.csv.gz", ["v1,v2,v4,comment\n", .. Enumerable.Repeat(row, 3500)]);
        Assert.Equal(["cannot be read: it has more than 256 MiB, uncompressed"], Problems("bomb.csv.gz"));
    }

    [Fact]
    public void A_line_without_end_is_not_read_to_its_end()
    {
        Gzip("line.csv.gz", Enumerable.Repeat("v1,v2,v4,", 200_000));
        Assert.Equal(["cannot be read: it has a line of more than 1 MiB"], Problems("line.csv.gz"));
        Gzip("quote.csv.gz", ["v1,v2,v4\n1,2,\"", .. Enumerable.Repeat("3\n", 200_000)]);
        Assert.Contains("cannot be read: it has a value of more than 100000 characters", Assert.Single(Problems("quote.csv.gz")));
    }

    [Fact]
    public void Rows_have_a_limit_in_either_form()
    {
        Gzip("long.csv.gz", ["trial,resource,metric,seconds\n", .. Enumerable.Repeat(string.Concat(Enumerable.Repeat("0,1,1,1\n", 1000)), 5001)]);
        Assert.Equal(["has more than 5,000,000 rows"], Problems("long.csv.gz"));
        Gzip("wide.csv.gz", [string.Join(',', Enumerable.Range(1, 1000).Select(point => $"v{point}")) + "\n", .. Enumerable.Repeat(string.Join(',', Enumerable.Repeat("1", 1000)) + "\n", 5001)]);
        Assert.Equal(["has more than 5,000,000 metrics"], Problems("wide.csv.gz"));
    }

    [Fact]
    public void Of_a_million_mistakes_twenty_are_kept_and_the_others_counted()
    {
        Gzip("bad.csv.gz", ["trial,resource,metric,seconds\n", .. Enumerable.Repeat(string.Concat(Enumerable.Repeat("0,1,bad,1\n", 1000)), 1000)]);
        var (table, problems) = TableReader.Read(In("bad.csv.gz"));
        Assert.Equal((null, 1_000_000), (table, problems.Count));
        var told = Problems("bad.csv.gz");
        Assert.Equal((21, "and 999980 mistakes more"), (told.Count, told[^1]));
    }

    [Fact]
    public void What_is_no_file_is_not_waited_for()
    {
        Assert.Equal(["cannot be read: it is no file, but a folder, a pipe or a device"], Problems("/dev/zero"));
        Directory.CreateDirectory(In("folder.csv"));
        Assert.Equal(["cannot be read: it is no file, but a folder, a pipe or a device"], Problems("folder.csv"));
        using (var made = Process.Start("mkfifo", In("pipe.csv")))
            made.WaitForExit();
        Assert.True(File.Exists(In("pipe.csv")));
        Assert.Equal(["cannot be read: it is no file, but a folder, a pipe or a device"], Problems("pipe.csv"));
        // A link to a file is one.
        File.WriteAllText(In("curves.csv"), "v1,v4\n1,2\n");
        File.CreateSymbolicLink(In("link.csv"), In("curves.csv"));
        Assert.Empty(Problems("link.csv"));
    }

    [Fact]
    public void A_table_is_read_once_for_all_schedulers_and_combinations()
    {
        File.WriteAllText(In("world.yaml"), World);
        File.WriteAllText(In("curves.csv"), "v1,v4\n1,2\n2,3\n3,4\n4,5\n");
        var swept = SweepFile.Load(In("world.yaml"), [], [], null);
        Assert.Empty(swept.Problems);
        Assert.Equal(3, swept.Cells.Count);
        Assert.NotNull(Assert.Single(swept.Cells.SelectMany(cell => cell.Contenders).Select(contender => contender.Scenario.Table).Distinct()));
        var compared = ComparisonFile.Load(In("world.yaml"), [new Override("world.slots", "1")], null);
        Assert.Equal(2, compared.Contenders.Count);
        Assert.NotNull(Assert.Single(compared.Contenders.Select(contender => contender.Scenario.Table).Distinct()));
        // A mistake of the table is told for either.
        File.WriteAllText(In("curves.csv"), "v1,v4\n1,bad\n");
        Assert.Contains("line 2: v4 must be a number", Assert.Single(SweepFile.Load(In("world.yaml"), [], [], null).Problems).Message);
    }
}
