using Asha.Core.Utilization;
using SkiaSharp;

namespace Asha.Host.Plots;

/// <summary>
/// Colours that people with any colour vision tell apart: rungs from light green to dark blue, the darker the higher, and idle time in warm colours and greys. Both also differ in lightness. Channels are
/// multiples of 17, which a PNG keeps as they are.
/// </summary>
internal static class Palette
{
    public static readonly SKColor Ink = new(0x22, 0x33, 0x44), Faint = new(0x66, 0x77, 0x88), Grid = new(0xDD, 0xDD, 0xDD), Paper = SKColors.White;

    /// <summary>The best trial, promotions of it, and what else must be seen first.</summary>
    public static readonly SKColor Accent = new(0xDD, 0x44, 0x00);

    /// <summary>Lines of runs that are compared, the first against the others.</summary>
    private static readonly SKColor[] Lines = [new(0xDD, 0x44, 0x00), new(0x22, 0x66, 0xAA), new(0x11, 0x88, 0x66), new(0xAA, 0x44, 0x88), new(0x88, 0x66, 0x00), new(0x22, 0x33, 0x44)];

    private static readonly SKColor[] Ramp = [new(0xAA, 0xDD, 0xBB), new(0x55, 0xBB, 0xBB), new(0x22, 0x99, 0xCC), new(0x22, 0x66, 0xAA), new(0x11, 0x22, 0x66)];

    /// <summary>The rung's colour among so many; a lone rung has the middle one.</summary>
    public static SKColor Rung(int rung, int rungs) => At(rungs == 1 ? .5 : rung / (rungs - 1.0));

    public static SKColor Idle(IdleCause cause) => cause switch
    {
        IdleCause.RungBarrier => new(0xEE, 0x99, 0x66),
        IdleCause.NoPromotable => new(0xFF, 0xDD, 0x99),
        IdleCause.NoWork => new(0xDD, 0xDD, 0xDD),
        IdleCause.WaitingForDecision => new(0xBB, 0x88, 0xCC),
        IdleCause.RetryBackOff => new(0xEE, 0x77, 0xAA),
        IdleCause.NodeLost => new(0x55, 0x55, 0x55),
        _ => throw new ArgumentOutOfRangeException(nameof(cause), cause, "This cause has no colour."),
    };

    /// <summary>The line of one of several runs.</summary>
    public static SKColor LineOf(int run) => Lines[run % Lines.Length];

    /// <summary>As style sheets write it.</summary>
    public static string Hex(this SKColor color) => $"#{color.Red:x2}{color.Green:x2}{color.Blue:x2}";

    /// <summary>What is readable on the colour.</summary>
    public static SKColor On(SKColor ground) => .299 * ground.Red + .587 * ground.Green + .114 * ground.Blue < 150 ? Paper : Ink;

    public static SKColor Alpha(this SKColor color, double alpha) => color.WithAlpha((byte)Math.Round(255 * alpha));

    /// <param name="share">0 the lightest … 1 the darkest.</param>
    public static SKColor At(double share)
    {
        var place = Math.Clamp(share, 0, 1) * (Ramp.Length - 1);
        var below = Math.Min((int)place, Ramp.Length - 2);
        var (low, high, part) = (Ramp[below], Ramp[below + 1], place - below);
        return new(Mix(low.Red, high.Red), Mix(low.Green, high.Green), Mix(low.Blue, high.Blue));

        byte Mix(byte from, byte to) => (byte)Math.Round(from + (to - from) * part);
    }
}
