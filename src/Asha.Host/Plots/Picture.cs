using System.Security;
using System.Text;
using ScottPlot;
using SkiaSharp;

namespace Asha.Host.Plots;

/// <summary>A picture before it has a size and a format: a header, and panels one above the other.</summary>
/// <param name="Wanted">The height beyond which it gains nothing, in pixels; <c>null</c>: there is none.</param>
internal sealed record Picture(Header Header, IReadOnlyList<Panel> Panels, int? Wanted = null)
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
        var left = Panels.Max(panel => panel.LeftWidth);
        var each = (height - above - below - Panels.Sum(panel => panel.Frame)) / Panels.Count;
        var top = above;
        foreach (var panel in Panels)
        {
            var area = new SKRect(0, top, width, top += each + panel.Frame);
            using var plot = panel.ToPlot(left);
            var rect = new PixelRect(area.Left, area.Right, area.Bottom, area.Top);
            // ScottPlot draws twice when it draws first, to learn the layout: what is twice in an SVG is twice as dark.
            using (var nowhere = new SKNoDrawCanvas(width, height))
                plot.Render(nowhere, rect);
            plot.RenderManager.Render(canvas, rect);
            var data = plot.RenderManager.LastRender.DataRect.ToSKRect();
            panel.DrawInside(canvas, data);
            panel.DrawTitles(new Pen(canvas, area), data);
        }
    }
}
