using Asha.Host.ExperimentFiles;
using CsvHelper;

namespace Asha.Host.Scenarios;

/// <summary>What is wrong with a table: the first mistakes, and how many there are. A table may have one in each of millions of rows.</summary>
internal sealed class TableProblems
{
    private const int MostShown = 20;

    private readonly List<string> _shown = [];

    /// <summary>How many there are, those that are not kept included.</summary>
    public int Count { get; private set; }

    public void Add(string problem)
    {
        Count++;
        if (_shown.Count < MostShown)
            _shown.Add(problem);
    }

    /// <summary>A value of the current row is wrong; put into words only where that is kept.</summary>
    public void Add(CsvReader csv, string column, string what)
    {
        if (_shown.Count < MostShown)
            Add($"line {csv.Parser.RawRow}: {column} must be {what}, but is '{YamlText.Shown(csv[column] ?? "")}'");
        else
            Count++;
    }

    /// <summary>Tells them where the table is named.</summary>
    public void Tell(Field field)
    {
        foreach (var problem in _shown)
            field.Wrong(problem);
        if (Count > _shown.Count)
            field.Wrong($"and {Count - _shown.Count} mistakes more");
    }
}
