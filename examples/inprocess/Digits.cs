using System.Globalization;
using System.IO.Compression;

namespace Asha.Examples.InProcess;

/// <summary>An image of 64 pixels in 0 … 1, and the digit that it shows.</summary>
internal sealed record Digit(float[] Pixels, int Label);

/// <summary>The handwritten digits of <c>examples/digits/data</c>: three fifths to train on, one to choose by, one that nobody looks at until the winner is known.</summary>
internal sealed record Digits(Digit[] Training, Digit[] Validation, Digit[] Test)
{
    public const int Pixels = 64;
    public const int Classes = 10;

    public static Digits Load()
    {
        using var resource = typeof(Digits).Assembly.GetManifestResourceStream("digits.csv.gz")!;
        using var reader = new StreamReader(new GZipStream(resource, CompressionMode.Decompress));
        var all = new List<Digit>();
        while (reader.ReadLine() is { } line)
        {
            var numbers = line.Split(',').Select(text => float.Parse(text, CultureInfo.InvariantCulture)).ToArray();
            all.Add(new Digit([.. numbers[..Pixels].Select(grey => grey / 16)], (int)numbers[Pixels]));
        }
        // Always the same split: trials must be compared on the same images.
        new Random(1998).Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(all));
        var fifth = all.Count / 5;
        return new Digits([.. all.Skip(2 * fifth)], [.. all.Take(fifth)], [.. all.Skip(fifth).Take(fifth)]);
    }
}
