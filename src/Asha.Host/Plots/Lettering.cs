using System.Text;
using ScottPlot;
using SkiaSharp;

namespace Asha.Host.Plots;

/// <summary>
/// The letters in pictures: a bundled font, so that they look the same on a machine that has none. A text with characters beyond it takes a font of the system that has them, where there is one.
/// </summary>
internal static class Lettering
{
    public const string Family = "Liberation Sans";

    /// <summary>Shown where no font has the character.</summary>
    private const char Unknown = '□';

    private static readonly SKTypeface Bundled = SKTypeface.FromStream(Resource("LiberationSans-Regular.ttf"));

    /// <summary>What an SVG carries: the characters that most pictures use, for a browser that has no font with the same widths.</summary>
    private static readonly Lazy<string> EmbeddedFont = new(() =>
    {
        using var bytes = new MemoryStream();
        Resource("AshaPictures-Regular.woff2").CopyTo(bytes);
        return Convert.ToBase64String(bytes.ToArray());
    });

    static Lettering()
    {
        Fonts.FontResolvers.Insert(0, new Resolver());
        Fonts.Default = Family;
    }

    /// <summary>Style rules for an SVG: the carried font first, then fonts whose characters are as wide, then any.</summary>
    public static string Css => $"@font-face{{font-family:'Asha Pictures';src:url(data:font/woff2;base64,{EmbeddedFont.Value}) format('woff2')}}"
        + $"text{{font-family:'Asha Pictures','{Family}',Arimo,Arial,Helvetica,sans-serif}}";

    public static SKFont Font(string text, float size) => new(FaceOf(text), size) { Subpixel = true, LinearMetrics = true, Hinting = SKFontHinting.None, Edging = SKFontEdging.Antialias };

    public static float Width(string text, float size)
    {
        using var font = Font(text, size);
        return font.MeasureText(text);
    }

    /// <summary>The font family that has all of the text.</summary>
    public static string FamilyOf(string text) => FaceOf(text) is var face && face == Bundled ? Family : face.FamilyName;

    /// <summary>
    /// A name as it can be drawn and written to XML: on one line, without control characters, halves of surrogate pairs or marks that turn the direction, and with a box for what no font has.
    /// </summary>
    public static string Clean(string text)
    {
        var face = FaceOf(text);
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune))
                clean.Append(' ');
            else if (Rune.IsControl(rune) || rune.Value is 0xFFFD or (>= 0x200B and <= 0x200F) or (>= 0x202A and <= 0x202E) or (>= 0x2060 and <= 0x206F) || face.GetGlyph(rune.Value) == 0)
                clean.Append(Unknown);
            else
                clean.Append(rune);
        }
        return string.Join(' ', clean.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>The text, or as much of its beginning as fits, with an ellipsis.</summary>
    public static string Fit(string text, float width, float size)
    {
        if (Width(text, size) <= width)
            return text;
        var (low, high) = (0, text.Length);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (Width(Cut(text, middle), size) <= width)
                low = middle;
            else
                high = middle - 1;
        }
        return Cut(text, low);
    }

    private static string Cut(string text, int length)
        => text[..(length > 0 && char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)].TrimEnd() + '…';

    private static SKTypeface FaceOf(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (!Rune.IsControl(rune) && Bundled.GetGlyph(rune.Value) == 0 && SKFontManager.Default.MatchCharacter(rune.Value) is { } other)
                return other;
        }
        return Bundled;
    }

    private static Stream Resource(string name) => typeof(Lettering).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"The resource {name} is missing.");

    /// <summary>Gives ScottPlot the bundled font for its own labels.</summary>
    private sealed class Resolver : IFontResolver
    {
        public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) => fontName == Family ? Bundled : null;

        public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) => fontName == Family ? Bundled : null;
    }
}
