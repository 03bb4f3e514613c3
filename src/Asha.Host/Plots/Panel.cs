using ScottPlot;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace Asha.Host.Plots;

/// <summary>An axis as it is drawn: its title with the unit, and its ticks at shares of its length.</summary>
internal sealed record PanelAxis(string Title, IReadOnlyList<(double At, string Text)> Ticks)
{
    public static readonly PanelAxis None = new("", []);

    public static PanelAxis Of(string title, AxisScale scale, int most) => new(title, [.. scale.Ticks(most).Select(value => (scale.At(value), AxisScale.Text(value)))]);
}

/// <summary>One pair of axes with something drawn between them: ScottPlot lays out and draws the axes, <paramref name="Draw"/> all else.</summary>
/// <param name="Grid">Whether the ticks of the vertical axis go on as faint lines.</param>
internal sealed record Panel(PanelAxis X, PanelAxis Y, Action<Pen> Draw, string Title = "", bool Grid = true)
{
    /// <summary>What stays free on the right of the axes.</summary>
    public const float Right = 24;

    private const float TickSize = 13, LabelSize = 14;

    /// <summary>What the vertical axis needs on its left.</summary>
    public float LeftWidth => Y == PanelAxis.None ? 16 : 18 + Y.Ticks.Select(tick => Lettering.Width(tick.Text, TickSize)).DefaultIfEmpty(0).Max() + (Y.Title.Length > 0 ? LabelSize + 12 : 0);

    /// <summary>What it needs above and below its axes.</summary>
    public float Frame => Above + Below;

    private float Above => Title.Length > 0 ? 30 : 6;

    private float Below => X == PanelAxis.None ? 8 : X.Title.Length > 0 ? 50 : 28;

    /// <param name="left">What the axes of all panels of the picture need on the left.</param>
    public Plot ToPlot(float left)
    {
        var plot = new Plot();
        // Otherwise each panel would wipe out what was drawn before it.
        plot.RenderManager.ClearCanvasBeforeEachRender = false;
        plot.FigureBackground.Color = plot.DataBackground.Color = Colors.Transparent;
        plot.Axes.SetLimits(0, 1, 0, 1);
        plot.HideGrid();
        plot.Axes.Top.IsVisible = plot.Axes.Right.IsVisible = false;
        plot.Axes.Bottom.IsVisible = X != PanelAxis.None;
        plot.Axes.Left.IsVisible = Y != PanelAxis.None;
        Style(plot.Axes.Bottom, X);
        Style(plot.Axes.Left, Y);
        plot.Layout.Fixed(new PixelPadding(left, Right, Below, Above));
        return plot;
    }

    private static void Style(IAxis axis, PanelAxis panel)
    {
        axis.TickGenerator = new NumericManual([.. panel.Ticks.Select(tick => Tick.Major(tick.At, tick.Text))]);
        axis.TickLabelStyle.FontName = Lettering.Family;
        axis.TickLabelStyle.FontSize = TickSize;
        axis.TickLabelStyle.ForeColor = axis.FrameLineStyle.Color = axis.MajorTickStyle.Color = Color.FromSKColor(Palette.Faint);
        // The titles are ours: ScottPlot's own would move with the width of the tick labels.
        axis.Label.Text = "";
    }

    /// <summary>What lies between the axes, and nothing beyond them.</summary>
    public void DrawInside(SKCanvas canvas, SKRect data)
    {
        var pen = new Pen(canvas, data);
        canvas.Save();
        canvas.ClipRect(data);
        if (Grid)
            pen.Lines(Y.Ticks.Select(tick => new[] { pen.At(0, tick.At), pen.At(1, tick.At) }), Palette.Grid, 1);
        Draw(pen);
        canvas.Restore();
    }

    /// <summary>What lies outside the axes: the panel's title and those of the axes.</summary>
    public void DrawTitles(Pen outside, SKRect data)
    {
        if (Title.Length > 0)
            outside.Text(Lettering.Fit(Title, outside.Area.Right - data.Left - 8, 15), data.Left, data.Top - 9, 15, Palette.Ink);
        if (X.Title.Length > 0)
            outside.Text(Lettering.Fit(X.Title, data.Width, LabelSize), data.MidX, data.Bottom + 42, LabelSize, Palette.Ink, SKTextAlign.Center);
        if (Y.Title.Length > 0)
            outside.TextUpwards(Lettering.Fit(Y.Title, data.Height + 20, LabelSize), outside.Area.Left + LabelSize + 6, data.MidY, LabelSize, Palette.Ink);
    }
}
