using Asha.Core.Worlds;
using Asha.Host.ExperimentFiles;

namespace Asha.Host.Scenarios;

/// <summary>The tables of one reading of a file, each read once: a file is read for every scheduler and every combination of what is swept, and tables never change.</summary>
internal sealed class Tables
{
    private readonly Dictionary<string, (CurveTable? Table, TableProblems Problems)> _read = [];

    /// <returns><c>null</c> where there are mistakes: they are told at <paramref name="field"/>.</returns>
    public CurveTable? Read(string path, Field field)
    {
        var full = Path.GetFullPath(path);
        if (!_read.TryGetValue(full, out var read))
            _read[full] = read = TableReader.Read(full);
        read.Problems.Tell(field);
        return read.Table;
    }
}
