using System.Text;
using Asha.Host.Cli;
using Spectre.Console;

namespace Asha.Host.View;

/// <summary>One row of the screen, made of pieces. Whatever is added loses what could move the cursor, so no row holds anything but what is seen.</summary>
internal sealed class Line
{
    private readonly List<(string Text, Tone Tone)> _parts = [];

    /// <summary>In cells of the screen.</summary>
    public int Width { get; private set; }

    public static Line Empty => new();

    /// <summary>What is seen, without its looks.</summary>
    public string Text => string.Concat(_parts.Select(part => part.Text));

    public Line Add(string text, Tone tone = Tone.Plain)
    {
        var safe = Safe(text);
        _parts.Add((safe, tone));
        Width += CellsOf(safe);
        return this;
    }

    public Line Add(Line other)
    {
        _parts.AddRange(other._parts);
        Width += other.Width;
        return this;
    }

    /// <summary>Spaces up to a column.</summary>
    public Line To(int column) => column > Width ? Add(new string(' ', column - Width)) : this;

    /// <summary>The row cut to a width, with an ellipsis where something is missing.</summary>
    public Line Fit(int width, string ellipsis = "…")
    {
        if (Width <= width)
            return this;
        width = Math.Max(0, width);
        var room = Math.Max(0, width - ellipsis.Length);
        var cut = new Line();
        foreach (var (text, tone) in _parts)
        {
            var piece = new StringBuilder();
            foreach (var rune in text.EnumerateRunes())
            {
                if (cut.Width + CellsOf(piece.ToString()) + CellsOf(rune.ToString()) > room)
                    return cut.Add(piece.ToString(), tone).Add(ellipsis[..Math.Min(width, ellipsis.Length)], tone);
                piece.Append(rune);
            }
            cut.Add(piece.ToString(), tone);
        }
        return cut;
    }

    /// <summary>As a terminal reads it: each piece with its look, and none of them left at the end.</summary>
    public string Encode(bool colours)
    {
        var text = new StringBuilder();
        foreach (var (piece, tone) in _parts)
        {
            var sequence = tone.Sequence(colours);
            text.Append(sequence).Append(piece).Append(sequence.Length > 0 ? "\e[0m" : "");
        }
        return text.ToString();
    }

    private static int CellsOf(string text) => Ascii.IsValid(text) ? text.Length : text.GetCellWidth();

    /// <summary>On one row, and as <see cref="Output.Clean"/> has it.</summary>
    private static string Safe(string text) => Output.Clean(text).Replace('\n', ' ').Replace('\t', ' ');
}
