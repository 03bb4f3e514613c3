using System.Runtime.InteropServices;

namespace Asha.Examples.InProcess;

/// <summary>64 pixels and a constant → 10 digits, trained by stochastic gradient descent on the cross-entropy.</summary>
internal sealed class SoftmaxRegression
{
    private const int Inputs = Digits.Pixels + 1;

    private readonly float[] _weights = new float[Inputs * Digits.Classes];
    private readonly float[] _velocity = new float[Inputs * Digits.Classes];

    /// <summary>Goes through all images once, in an order of <paramref name="random"/>.</summary>
    public void TrainEpoch(Digit[] images, Random random, double rate, double decay, double momentum)
    {
        var order = Enumerable.Range(0, images.Length).ToArray();
        random.Shuffle(order);
        foreach (var index in order)
        {
            var (pixels, label) = images[index];
            var probabilities = Probabilities(pixels);
            for (var digit = 0; digit < Digits.Classes; digit++)
            {
                var error = probabilities[digit] - (digit == label ? 1 : 0);
                for (var input = 0; input < Inputs; input++)
                {
                    var at = digit * Inputs + input;
                    var gradient = error * (input < pixels.Length ? pixels[input] : 1) + (float)decay * _weights[at];
                    _velocity[at] = (float)momentum * _velocity[at] - (float)rate * gradient;
                    _weights[at] += _velocity[at];
                }
            }
        }
    }

    /// <summary>The share of images that it takes for another digit.</summary>
    public double ErrorRate(Digit[] images) => images.Count(image => Read(image.Pixels) != image.Label) / (double)images.Length;

    public void Save(string path)
    {
        using var file = File.Create(path);
        file.Write(MemoryMarshal.AsBytes(_weights.AsSpan()));
        file.Write(MemoryMarshal.AsBytes(_velocity.AsSpan()));
    }

    public static SoftmaxRegression Load(string path)
    {
        var model = new SoftmaxRegression();
        using var file = File.OpenRead(path);
        file.ReadExactly(MemoryMarshal.AsBytes(model._weights.AsSpan()));
        file.ReadExactly(MemoryMarshal.AsBytes(model._velocity.AsSpan()));
        return model;
    }

    private int Read(float[] pixels)
    {
        var probabilities = Probabilities(pixels);
        return Array.IndexOf(probabilities, probabilities.Max());
    }

    private float[] Probabilities(float[] pixels)
    {
        var scores = new float[Digits.Classes];
        for (var digit = 0; digit < Digits.Classes; digit++)
        {
            var own = _weights.AsSpan(digit * Inputs, Inputs);
            scores[digit] = own[^1];
            for (var input = 0; input < pixels.Length; input++)
                scores[digit] += own[input] * pixels[input];
        }
        var highest = scores.Max();
        var all = scores.Select(score => MathF.Exp(score - highest)).ToArray();
        var sum = all.Sum();
        return [.. all.Select(one => one / sum)];
    }
}
