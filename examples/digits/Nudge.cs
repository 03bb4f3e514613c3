namespace Asha.Examples.Digits;

/// <summary>
/// Moves some training images by one pixel. A thousand digits are few; where in its frame a digit stands is one thing that they
/// need not teach, and knowing it nearly halves the errors on digits never seen.
/// </summary>
internal static class Nudge
{
    /// <summary>The share of images that are moved. Nearly all of the gain is there at a quarter.</summary>
    private const float Share = 0.25f;

    private const int Side = 8;

    public static void Copy(ReadOnlySpan<float> image, Span<float> copy, ref SplitMix64 random)
    {
        var draw = random.Unit();
        if (draw >= Share)
        {
            image.CopyTo(copy);
            return;
        }
        var (down, right) = (int)(draw / Share * 4) switch { 0 => (1, 0), 1 => (-1, 0), 2 => (0, 1), _ => (0, -1) };
        for (var row = 0; row < Side; row++)
        {
            for (var column = 0; column < Side; column++)
            {
                var (fromRow, fromColumn) = (row - down, column - right);
                // The comparison of unsigned numbers also rules out negative ones.
                copy[row * Side + column] = (uint)fromRow < Side && (uint)fromColumn < Side ? image[fromRow * Side + fromColumn] : 0;
            }
        }
    }
}
