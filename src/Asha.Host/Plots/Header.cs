using SkiaSharp;

namespace Asha.Host.Plots;

internal enum LegendMark { Box, Hatched, Line, Dot, Ring }

internal sealed record LegendEntry(string Text, SKColor Color, LegendMark Mark = LegendMark.Box);

/// <summary>What stands above a picture, legend included, and the note below it. No legend has more than <see cref="MostEntries"/> entries.</summary>
internal sealed record Header(string Title, string Subtitle, IReadOnlyList<LegendEntry> Legend, string Note = "")
{
    public const int MostEntries = 10;

    private const float Margin = 16, TitleSize = 20, TextSize = 14, NoteSize = 12.5f, Swatch = 14, Gap = 20, LineHeight = 21;

    /// <summary>Draws it; returns the heights above and below that are taken.</summary>
    public (float Above, float Below) Draw(Pen pen)
    {
        var room = pen.Width - 2 * Margin;
        var y = Margin + TitleSize * .8f;
        pen.Text(Lettering.Fit(Title, room, TitleSize), Margin, y, TitleSize, Palette.Ink);
        if (Subtitle.Length > 0)
            pen.Text(Lettering.Fit(Subtitle, room, TextSize), Margin, y += LineHeight, TextSize, Palette.Faint);
        y = DrawLegend(pen, room, y + 4);
        if (Note.Length == 0)
            return (y + 10, 6);
        pen.Text(Lettering.Fit(Note, room, NoteSize), Margin, pen.Height - 10, NoteSize, Palette.Faint);
        return (y + 10, 24);
    }

    /// <summary>From left to right, on as many lines as it takes; returns the last one's base line.</summary>
    private float DrawLegend(Pen pen, float room, float y)
    {
        if (Legend.Count == 0)
            return y;
        var x = Margin;
        y += LineHeight;
        foreach (var entry in Legend)
        {
            var text = Lettering.Fit(entry.Text, room - Swatch - 6, TextSize);
            var width = Swatch + 6 + Lettering.Width(text, TextSize);
            if (x > Margin && x + width > Margin + room)
                (x, y) = (Margin, y + LineHeight);
            DrawMark(pen, entry, x, y - TextSize * .36f);
            pen.Text(text, x + Swatch + 6, y, TextSize, Palette.Ink);
            x += width + Gap;
        }
        return y;
    }

    private static void DrawMark(Pen pen, LegendEntry entry, float x, float middle)
    {
        switch (entry.Mark)
        {
            case LegendMark.Line:
                pen.Line([new(x, middle), new(x + Swatch, middle)], entry.Color, 3);
                break;
            case LegendMark.Dot:
                pen.Dot(new(x + Swatch / 2, middle), 4.5f, entry.Color, Palette.Paper);
                break;
            case LegendMark.Ring:
                pen.Dot(new(x + Swatch / 2, middle), 4.5f, entry.Color);
                pen.Dot(new(x + Swatch / 2, middle), 2.5f, Palette.Paper);
                break;
            default:
                var box = SKRect.Create(x, middle - Swatch / 2, Swatch, Swatch);
                pen.Boxes([box], entry.Color);
                if (entry.Mark == LegendMark.Hatched)
                    pen.Hatch([box], Palette.On(entry.Color));
                break;
        }
    }
}
