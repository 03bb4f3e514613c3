using System.IO.Compression;
using System.Text;
using Asha.Host.ExperimentFiles;
using Asha.Host.Scenarios;
using Asha.Untrusted;
using CsCheck;

namespace Asha.Host.Tests.Untrusted;

/// <summary>Whatever bytes a table has, it is a table or there are problems, in memory that is bounded. Its limits: <see cref="Scenarios.TableLimitTests"/>.</summary>
public sealed class TableBytesTests : IDisposable
{
    private static readonly byte[][] _valid = [.. new[]
    {
        "trial,resource,metric,seconds\n0,1,0.5,1\n0,4,0.25,3\n1,1,nan,1\n1,4,\"inf\",2.5\n",
        "v0,v1,v2,v4,comment\n9,1,2,3,a\n9,-1,\"2\",3,\"b,\"\"c\"\"\"\n",
        "trial,resource,metric,seconds\r\n0,1e0,-inf,1e-3\r\n\r\n0,2,+0.5,0\r\n",
    }.Select(Encoding.UTF8.GetBytes)];

    private readonly string _folder = Directory.CreateTempSubdirectory("asha-tables-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Read(byte[] bytes, string name)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        var (table, problems) = TableReader.Read(path);
        Assert.Equal(table is null, problems.Count > 0);
    }

    [Fact]
    public void A_table_with_bytes_changed_is_a_table_or_has_problems()
        => Mutations.OfBytes(_valid).Sample(bytes => Fuzz.Bounded(bytes.Length, () => Read(bytes, "table.csv")), iter: Fuzz.Cases(1000), threads: 1);

    [Fact]
    public void A_gzipped_table_with_bytes_changed_is_a_table_or_has_problems()
    {
        byte[][] zipped = [.. _valid.Select(bytes =>
        {
            using var target = new MemoryStream();
            using (var zip = new GZipStream(target, CompressionLevel.Optimal))
                zip.Write(bytes);
            return target.ToArray();
        })];
        Mutations.OfBytes(zipped).Sample(bytes => Fuzz.Bounded(bytes.Length, () => Read(bytes, "table.csv.gz"), perByte: 2000), iter: Fuzz.Cases(1000), threads: 1);
    }

    /// <summary>A row may go over many lines: the limit of a line does not hold it.</summary>
    [Theory]
    [InlineData("v1,v2\n", "\"\n\",")]
    [InlineData("v1,v2\n", "\"\"\n,")]
    [InlineData("", "\"\r\n\",")]
    [InlineData("trial,resource,metric,seconds\n", "\n")]
    [InlineData("trial,resource,metric,seconds\n", "\"")]
    [InlineData("trial,resource,metric,seconds\n", ",")]
    [InlineData("", "v1,")]
    [InlineData("v1,v2\n", "\0")]
    public void A_row_without_end_is_not_held_in_memory(string start, string repeated)
    {
        var path = Path.Combine(_folder, "bomb.csv.gz");
        var piece = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(repeated, 200_000)));
        using (var zip = new GZipStream(File.Create(path), CompressionLevel.Fastest))
        {
            zip.Write(Encoding.UTF8.GetBytes(start));
            for (var written = 0L; written < 12 << 20; written += piece.Length)
                zip.Write(piece);
        }
        Fuzz.Bounded(12 << 20, () =>
        {
            var (table, problems) = TableReader.Read(path);
            Assert.True(table is null && problems.Count > 0);
            if (repeated.Trim(',') is "\"\n\"" or "\"\r\n\"" or "\n")
            {
                var told = new Reading(PeerNames.Keys);
                problems.Tell(new Field(new ScalarNode(new Place("x", 1, 1), "x", Plain: true), "x", told));
                Assert.Contains("it has a row of more than 4 MiB", Assert.Single(told.Problems).Message, StringComparison.Ordinal);
            }
        }, perByte: 80);
    }

    /// <summary>As many columns as a line may name.</summary>
    [Theory]
    [InlineData("v{0}")]
    [InlineData("v1")]
    [InlineData("v1e{0}")]
    [InlineData("trial,resource,metric,seconds,x{0}")]
    public void Many_columns_take_no_time_of_their_square(string column)
    {
        var names = Enumerable.Range(1, 30_000).Select(number => string.Format(System.Globalization.CultureInfo.InvariantCulture, column, number));
        var row = string.Join(',', Enumerable.Repeat("1", 30_000)) + "\n";
        var bytes = Encoding.UTF8.GetBytes(string.Join(',', names) + "\n" + row + row);
        Fuzz.Bounded(bytes.Length, () => Read(bytes, "wide.csv"), fixedBytes: 64 << 20);
    }
}
