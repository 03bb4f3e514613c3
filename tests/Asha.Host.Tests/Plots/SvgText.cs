using System.Globalization;
using System.Xml.Linq;

namespace Asha.Host.Tests.Plots;

/// <summary>A text of a picture, and about where it lies.</summary>
internal sealed record SvgText(string Text, double Left, double Top, double Right, double Bottom)
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    /// <summary>All horizontal texts of a picture. Letters are taken to be half as wide as high, a little less than they are: nothing that only nearly touches counts.</summary>
    public static IReadOnlyList<SvgText> In(XDocument picture) => [.. picture.Descendants(Svg + "text").Where(text => !IsTurned(text)).Select(Of)];

    public bool Overlaps(SvgText other) => Left < other.Right && other.Left < Right && Top < other.Bottom && other.Top < Bottom;

    private static bool IsTurned(XElement text) => text.Attribute("transform") is { } transform && (transform.Value.StartsWith("rotate") || transform.Value.StartsWith("matrix"));

    private static SvgText Of(XElement text)
    {
        var size = Numbers(text, "font-size")[0];
        double[] shift = text.Attribute("transform") is { } transform ? Numbers(transform.Value["translate(".Length..].TrimEnd(')')) : [0, 0];
        var (xs, y) = (Numbers(text, "x"), Numbers(text, "y")[0] + (shift.Length > 1 ? shift[1] : 0));
        return new SvgText(text.Value.Trim(), xs[0] + shift[0], y - .7 * size, xs[^1] + shift[0] + .4 * size, y);
    }

    private static double[] Numbers(XElement element, string name) => Numbers(element.Attribute(name)?.Value ?? "0");

    private static double[] Numbers(string text) => [.. text.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries).Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
}
