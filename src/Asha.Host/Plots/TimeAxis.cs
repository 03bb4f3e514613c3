namespace Asha.Host.Plots;

/// <summary>An axis of time since the start, in the unit that gives readable numbers, with a little room on the right.</summary>
/// <param name="Seconds">Its length.</param>
internal sealed record TimeAxis(double Seconds, PanelAxis Axis)
{
    public static TimeAxis For(TimeSpan until)
    {
        var seconds = Math.Max(until.TotalSeconds, 1e-3) * 1.02;
        var (unit, name) = seconds switch { < 300 => (1.0, "s"), < 3 * 3600 => (60.0, "min"), < 3 * 86400 => (3600.0, "h"), _ => (86400.0, "d") };
        return new TimeAxis(seconds, PanelAxis.Of($"time since the start ({name})", new AxisScale(0, seconds / unit), 10));
    }
}
