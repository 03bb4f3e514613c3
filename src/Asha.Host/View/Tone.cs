namespace Asha.Host.View;

/// <summary>How a piece of text looks. What it says never depends on it: there may be no colours.</summary>
internal enum Tone { Plain, Strong, Faint, Good, Bad, Busy }

internal static class Tones
{
    /// <summary>
    /// Its sequence (ECMA-48, SGR). Of the sixteen colours only green, red and cyan, which can be read on dark and on light backgrounds; else the terminal's own.
    /// </summary>
    public static string Sequence(this Tone tone, bool colours) => (tone, colours) switch
    {
        (Tone.Strong, _) => "\e[1m",
        (Tone.Faint, _) => "\e[2m",
        (Tone.Good, true) => "\e[32m",
        (Tone.Bad, true) => "\e[31m",
        (Tone.Busy, true) => "\e[36m",
        (Tone.Bad, false) => "\e[1m",
        _ => "",
    };
}
