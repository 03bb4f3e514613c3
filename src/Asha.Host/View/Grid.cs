namespace Asha.Host.View;

/// <summary>Right-aligned columns under their heads, as wide as they need to be.</summary>
/// <param name="gap">Cells between two columns.</param>
internal sealed class Grid(int gap, params string[] heads)
{
    private readonly List<(string Text, Tone Tone)[]> _rows = [];

    public Grid Row(params (string Text, Tone Tone)[] cells)
    {
        _rows.Add(cells);
        return this;
    }

    /// <summary>The head, then the rows, all of one width.</summary>
    public IReadOnlyList<Line> Lines()
    {
        var cells = _rows.Select(row => row.Select(cell => Line.Empty.Add(cell.Text, cell.Tone)).ToArray()).Prepend([.. heads.Select(head => Line.Empty.Add(head, Tone.Faint))]).ToArray();
        var widths = Enumerable.Range(0, heads.Length).Select(column => cells.Max(row => row[column].Width)).ToArray();
        return [.. cells.Select(row =>
        {
            var line = Line.Empty;
            for (var (column, end) = (0, 0); column < row.Length; column++, end += gap)
            {
                end += widths[column];
                line.To(end - row[column].Width).Add(row[column]);
            }
            return line;
        })];
    }
}
