using SkiaSharp;

namespace Asha.Host.Plots;

/// <summary>Draws in one area of a picture. Positions are shares of the area, 0 … 1 from the left and from the <em>bottom</em>, turned into pixels by <see cref="At"/>; all else is pixels.</summary>
internal sealed class Pen(SKCanvas canvas, SKRect area)
{
    public float Width => area.Width;

    public float Height => area.Height;

    public SKRect Area => area;

    public SKPoint At(double x, double y) => new((float)(area.Left + x * area.Width), (float)(area.Bottom - y * area.Height));

    /// <summary>One line through the points; many lines of a colour make one shape in an SVG.</summary>
    public void Line(IReadOnlyList<SKPoint> points, SKColor color, float width, float[]? dashes = null) => Lines([points], color, width, dashes);

    public void Lines(IEnumerable<IReadOnlyList<SKPoint>> lines, SKColor color, float width, float[]? dashes = null, bool isSmooth = true)
    {
        using var path = new SKPath();
        foreach (var points in lines)
            path.AddPoly([.. points.Select(Snap)], close: false);
        using var paint = new SKPaint { Color = color, StrokeWidth = width, Style = SKPaintStyle.Stroke, IsAntialias = isSmooth, StrokeJoin = SKStrokeJoin.Round, StrokeCap = dashes is null ? SKStrokeCap.Round : SKStrokeCap.Butt };
        if (dashes is not null)
            paint.PathEffect = SKPathEffect.CreateDash(dashes, 0);
        canvas.DrawPath(path, paint);
    }

    public void Boxes(IEnumerable<SKRect> boxes, SKColor color)
    {
        using var path = new SKPath();
        foreach (var box in boxes)
            path.AddRect(new SKRect(Snap(box.Left), Snap(box.Top), Snap(box.Right), Snap(box.Bottom)));
        using var paint = new SKPaint { Color = color, IsAntialias = true };
        canvas.DrawPath(path, paint);
    }

    /// <summary>Slanting strokes over the boxes, as one shape; those of boxes side by side go on from one to the next.</summary>
    public void Hatch(IEnumerable<SKRect> boxes, SKColor color, float step = 6)
    {
        using var path = new SKPath();
        foreach (var box in boxes)
        {
            // A stroke is where x + y is a multiple of the step.
            for (var sum = MathF.Ceiling((box.Left + box.Top) / step) * step; sum < box.Right + box.Bottom; sum += step)
            {
                var (from, to) = (Math.Max(box.Left, sum - box.Bottom), Math.Min(box.Right, sum - box.Top));
                path.MoveTo(Snap(new SKPoint(from, sum - from)));
                path.LineTo(Snap(new SKPoint(to, sum - to)));
            }
        }
        using var paint = new SKPaint { Color = color, StrokeWidth = 1.5f, Style = SKPaintStyle.Stroke, IsAntialias = true };
        canvas.DrawPath(path, paint);
    }

    public void Dot(SKPoint center, float radius, SKColor color, SKColor? ring = null) => Dots([center], radius, color, ring);

    /// <summary>Many dots as one shape: each is a line of no length with round ends.</summary>
    public void Dots(IReadOnlyList<SKPoint> centers, float radius, SKColor color, SKColor? ring = null)
    {
        if (ring is { } around)
            Lines(centers.Select(center => new[] { center, center }), around, 2 * radius + 2);
        Lines(centers.Select(center => new[] { center, center }), color, 2 * radius);
    }

    /// <param name="y">The base line.</param>
    /// <param name="ground">Drawn behind the text, so that it can be read over lines.</param>
    public void Text(string text, float x, float y, float size, SKColor color, SKTextAlign align = SKTextAlign.Left, SKColor? ground = null)
    {
        using var font = Lettering.Font(text, size);
        using var paint = new SKPaint { Color = color, IsAntialias = true };
        var left = align switch { SKTextAlign.Center => x - font.MeasureText(text) / 2, SKTextAlign.Right => x - font.MeasureText(text), _ => x };
        if (ground is { } behind)
            Boxes([new SKRect(left - 3, y - size * .85f, left + font.MeasureText(text) + 3, y + size * .3f)], behind);
        canvas.DrawText(text, left, y, SKTextAlign.Left, font, paint);
    }

    /// <summary>Text that reads upwards, centred on the point.</summary>
    public void TextUpwards(string text, float x, float y, float size, SKColor color)
    {
        canvas.Save();
        canvas.RotateDegrees(-90, x, y);
        Text(text, x, y, size, color, SKTextAlign.Center);
        canvas.Restore();
    }

    /// <summary>To a quarter of a pixel: nobody sees it, and an SVG is half as long.</summary>
    private static float Snap(float pixels) => MathF.Round(pixels * 4) / 4;

    private static SKPoint Snap(SKPoint point) => new(Snap(point.X), Snap(point.Y));
}
