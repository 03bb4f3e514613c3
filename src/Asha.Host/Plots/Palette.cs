using Asha.Core.Utilization;
using SkiaSharp;

namespace Asha.Host.Plots;

/// <summary>
/// Colours that people with any colour vision tell apart: rungs from light green to dark blue, the darker the higher, and idle time in warm colours and greys. Both also differ in lightness.
/// </summary>
internal static class Palette
{
    public static readonly SKColor Ink = new(0x22, 0x2B, 0x35), Faint = new(0x6B, 0x75, 0x80), Grid = new(0xE3, 0xE6, 0xEA), Paper = SKColors.White;

    /// <summary>The best trial, promotions of it, and what else must be seen first.</summary>
    public static readonly SKColor Accent = new(0xD5, 0x3E, 0x00);

    private static readonly SKColor[] Ramp = [new(0xA8, 0xDC, 0xB5), new(0x57, 0xBF, 0xC0), new(0x2B, 0x93, 0xC4), new(0x23, 0x62, 0xA8), new(0x17, 0x2B, 0x6B)];

    /// <summary>The rung's colour among so many; a lone rung has the middle one.</summary>
    public static SKColor Rung(int rung, int rungs) => At(rungs == 1 ? .5 : rung / (rungs - 1.0));

    public static SKColor Idle(IdleCause cause) => cause switch
    {
        IdleCause.RungBarrier => new(0xF4, 0x9A, 0x6E),
        IdleCause.NoPromotable => new(0xFB, 0xDD, 0x9B),
        IdleCause.NoWork => new(0xE2, 0xE2, 0xE2),
        IdleCause.WaitingForDecision => new(0xB9, 0x8B, 0xC4),
        IdleCause.RetryBackOff => new(0xE3, 0x7B, 0xA8),
        IdleCause.NodeLost => new(0x55, 0x55, 0x55),
        _ => throw new ArgumentOutOfRangeException(nameof(cause), cause, "This cause has no colour."),
    };

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
