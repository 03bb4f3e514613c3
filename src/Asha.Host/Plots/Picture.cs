using System.Security;
using System.Text;
using ScottPlot;
using SkiaSharp;

namespace Asha.Host.Plots;

/// <summary>A picture before it has a size and a format: a header, and panels one above the other, or in rows of several.</summary>
/// <param name="Wanted">The height beyond which it gains nothing, in pixels; <c>null</c>: there is none.</param>
/// <param name="Columns">How many panels a row has.</param>
internal sealed record Picture(Header Header, IReadOnlyList<Panel> Panels, int? Wanted = null, int Columns = 1)
{
    /// <summary>The height that it takes of what it is given.</summary>
    public int HeightOf(int given) => Math.Min(given, Wanted ?? given);

    /// <summary>The PNG's bytes.</summary>
    public byte[] ToPng(int width, int height)
    {
        using var surface = SKSurface.Create(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        Draw(surface.Canvas, width, height);
        using var pixels = surface.PeekPixels()!;
        Round(pixels.GetPixelSpan());
        // The picture is drawn once and read often: smaller is worth the time. Filters help smooth colours, of which there are none.
        using var data = pixels.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.None, 9))!;
        return data.ToArray();
    }

    /// <summary>Colours to a sixteenth: smooth edges have hundreds of shades that nobody tells apart, and the file is half as large without them.</summary>
    private static void Round(Span<byte> channels)
    {
        for (var index = 0; index < channels.Length; index++)
            channels[index] = (byte)((channels[index] + 8) / 17 * 17);
    }

    /// <summary>The SVG as UTF-8. Text stays text; it carries its font.</summary>
    public byte[] ToSvg(int width, int height)
    {
        using var bytes = new MemoryStream();
        using (var stream = new SKManagedWStream(bytes))
        using (var canvas = SKSvgCanvas.Create(SKRect.Create(width, height), stream))
            Draw(canvas, width, height);
        var xml = Encoding.UTF8.GetString(bytes.ToArray());
        var root = xml.IndexOf('>', xml.IndexOf("<svg", StringComparison.Ordinal));
        return Encoding.UTF8.GetBytes($"{xml[..root]} viewBox=\"0 0 {width} {height}\" role=\"img\"><title>{SecurityElement.Escape(Header.Title)}</title><style>{Lettering.Css}</style>{xml[(root + 1)..]}");
    }

    private void Draw(SKCanvas canvas, int width, int height)
    {
        canvas.Clear(Palette.Paper);
        var (above, below) = Header.Draw(new Pen(canvas, new SKRect(0, 0, width, height)));
        var rows = Panels.Chunk(Columns).ToList();
        // Axes below each other begin at the same place.
        var lefts = Enumerable.Range(0, Columns).Select(column => rows.Where(row => column < row.Length).Select(row => row[column].LeftWidth).DefaultIfEmpty(0).Max()).ToList();
        var each = (height - above - below - rows.Sum(Frame)) / rows.Count;
        var inside = (width - lefts.Sum() - Columns * Panel.Right) / Columns;
        var top = above;
        foreach (var row in rows)
        {
            var left = 0f;
            foreach (var (column, panel) in row.Index())
                Draw(canvas, panel, new SKRect(left, top, left += lefts[column] + inside + Panel.Right, top + each + Frame(row)), lefts[column], (width, height));
            top += each + Frame(row);
        }
    }

    /// <summary>What a row of panels needs beside their axes.</summary>
    private static float Frame(Panel[] row) => row.Max(panel => panel.Frame);

    private static void Draw(SKCanvas canvas, Panel panel, SKRect area, float left, (int Width, int Height) all)
    {
        using var plot = panel.ToPlot(left);
        var rect = new PixelRect(area.Left, area.Right, area.Bottom, area.Top);
        // ScottPlot draws twice when it draws first, to learn the layout: what is twice in an SVG is twice as dark.
        using (var nowhere = new SKNoDrawCanvas(all.Width, all.Height))
            plot.Render(nowhere, rect);
        plot.RenderManager.Render(canvas, rect);
        var data = plot.RenderManager.LastRender.DataRect.ToSKRect();
        panel.DrawInside(canvas, data);
        panel.DrawTitles(new Pen(canvas, area), data);
    }
}
