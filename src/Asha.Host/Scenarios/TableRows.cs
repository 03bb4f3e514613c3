using CsvHelper;

namespace Asha.Host.Scenarios;

/// <summary>The rows of a table, one after the other; none may be longer than <see cref="TableStream.LongestRow"/>.</summary>
internal sealed class TableRows(CsvReader csv, TableStream bytes)
{
    /// <summary>The row that was read last.</summary>
    public CsvReader Csv => csv;

    /// <summary>Reads the next one; whether there was one.</summary>
    public bool Read()
    {
        bytes.EndRow();
        return csv.Read();
    }
}
