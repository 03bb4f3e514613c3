using System.IO.Compression;
using MathNet.Numerics.LinearAlgebra;

namespace Asha.Examples.Digits;

/// <summary>Images, one a column of 64 pixels in 0 … 1, and the digit that each shows.</summary>
internal sealed record Images(Matrix<float> Pixels, byte[] Labels)
{
    public const int PixelCount = 64;

    public int Count => Labels.Length;
}

/// <summary>
/// The handwritten digits in three parts: what is trained on, what selects between configurations, and what nobody looks at
/// until the winner is known.
/// </summary>
internal sealed record Dataset(Images Training, Images Validation, Images Test)
{
    public const int Classes = 10;

    /// <summary>A constant: were the split drawn from a trial's seed, trials would be compared on different images.</summary>
    private const long SplitSeed = 1998;

    /// <param name="shuffleLabels">
    /// Deals the labels out at random before the split. Nothing can then be learnt, so a test accuracy far from 10 % would prove
    /// that labels leak from one part into another.
    /// </param>
    public static Dataset Load(bool shuffleLabels = false)
    {
        var (pixels, labels) = Read();
        if (shuffleLabels)
            new SplitMix64(SplitSeed, "labels").Shuffle<byte>(labels);

        var parts = new List<int>[] { [], [], [] };
        // Digit by digit, so that each part holds its share of every digit: three fifths, one fifth, one fifth.
        for (var digit = 0; digit < Classes; digit++)
        {
            var own = Enumerable.Range(0, labels.Length).Where(index => labels[index] == digit).ToArray();
            new SplitMix64(SplitSeed, "split", digit).Shuffle<int>(own);
            for (var i = 0; i < own.Length; i++)
                parts[(i % 5) switch { 3 => 1, 4 => 2, _ => 0 }].Add(own[i]);
        }
        return new Dataset(Pick(parts[0]), Pick(parts[1]), Pick(parts[2]));

        Images Pick(List<int> indices)
        {
            var chosen = Matrix<float>.Build.Dense(Images.PixelCount, indices.Count, (row, column) => pixels[indices[column]][row]);
            return new Images(chosen, [.. indices.Select(index => labels[index])]);
        }
    }

    /// <summary>The data travel inside the program, so that they are found whatever the working folder.</summary>
    private static (List<float[]> Pixels, byte[] Labels) Read()
    {
        using var resource = typeof(Dataset).Assembly.GetManifestResourceStream("digits.csv.gz")!;
        using var reader = new StreamReader(new GZipStream(resource, CompressionMode.Decompress));
        var pixels = new List<float[]>();
        var labels = new List<byte>();
        while (reader.ReadLine() is { } line)
        {
            var image = new float[Images.PixelCount];
            var column = 0;
            foreach (var range in line.AsSpan().Split(','))
            {
                var value = byte.Parse(line.AsSpan(range));
                if (column < image.Length)
                    image[column++] = value / 16f;
                else
                    labels.Add(value);
            }
            pixels.Add(image);
        }
        return (pixels, [.. labels]);
    }
}
