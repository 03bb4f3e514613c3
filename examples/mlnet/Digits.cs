using System.Globalization;
using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Asha.Examples.MLNet;

/// <summary>A row of ML.NET's data: 8 × 8 pixels in 0 … 1, and the digit that they show.</summary>
internal sealed record Digit([property: VectorType(64)] float[] Pixels, string Shows);

/// <summary>The handwritten digits of <c>examples/digits/data</c>: about three fifths to train on, one to choose by, one that nobody looks at until the winner is known.</summary>
internal sealed record Digits(IDataView Training, IDataView Validation, IDataView Test)
{
    public static Digits Load(MLContext ml)
    {
        using var resource = typeof(Digits).Assembly.GetManifestResourceStream("digits.csv.gz")!;
        using var reader = new StreamReader(new GZipStream(resource, CompressionMode.Decompress));
        var all = new List<Digit>();
        while (reader.ReadLine()?.Split(',') is { } cells)
            all.Add(new Digit([.. cells[..64].Select(grey => float.Parse(grey, CultureInfo.InvariantCulture) / 16)], cells[64]));
        // Seeds of their own: always the same split, since trials must be compared on the same images.
        var known = ml.Data.TrainTestSplit(ml.Data.LoadFromEnumerable(all), testFraction: 0.2, seed: 1998);
        var parts = ml.Data.TrainTestSplit(known.TrainSet, testFraction: 0.25, seed: 1999);
        return new Digits(parts.TrainSet, parts.TestSet, known.TestSet);
    }
}
