using MathNet.Numerics.LinearAlgebra;

namespace Asha.Examples.Digits;

/// <summary>
/// 64 pixels → hidden units (rectified) → 10 digits (softmax). Single precision: half the memory to move, and more than
/// pixels of 17 grey levels need.
/// </summary>
internal sealed class Network
{
    private readonly Layer _first;
    private readonly Layer _second;

    public Network(int hidden, long seed)
    {
        _first = new Layer(Images.PixelCount, hidden, new SplitMix64(seed, "first layer"));
        _second = new Layer(hidden, Dataset.Classes, new SplitMix64(seed, "second layer"));
        Parameters = [_first.Weights, _first.Biases, _second.Weights, _second.Biases];
        Gradients = [_first.WeightGradients, _first.BiasGradients, _second.WeightGradients, _second.BiasGradients];
    }

    /// <summary>Everything that training changes, in the order of <see cref="Gradients"/>.</summary>
    public IReadOnlyList<float[]> Parameters { get; }

    public IReadOnlyList<float[]> Gradients { get; }

    /// <summary>The share of images that it takes for another digit; NaN where its weights are no longer numbers.</summary>
    public double ErrorRate(Images images)
    {
        var hidden = _first.Forward(images.Pixels);
        Rectify(Storage(hidden));
        var scores = Storage(_second.Forward(hidden));
        var errors = 0;
        for (var i = 0; i < images.Count; i++)
        {
            var own = scores.AsSpan(i * Dataset.Classes, Dataset.Classes);
            var best = 0;
            for (var digit = 0; digit < own.Length; digit++)
            {
                if (!float.IsFinite(own[digit]))
                    return double.NaN;
                if (own[digit] > own[best])
                    best = digit;
            }
            if (best != images.Labels[i])
                errors++;
        }
        return (double)errors / images.Count;
    }

    /// <summary>The mean cross-entropy over a batch; leaves its derivatives in <see cref="Gradients"/>.</summary>
    public double Backward(Images batch)
    {
        var hidden = _first.Forward(batch.Pixels);
        var active = Storage(hidden);
        Rectify(active);
        var scores = _second.Forward(hidden);
        var loss = SoftmaxLoss(Storage(scores), batch.Labels);

        var error = _second.Backward(hidden, scores);
        var slope = Storage(error);
        for (var i = 0; i < slope.Length; i++)
        {
            if (active[i] == 0)
                slope[i] = 0;
        }
        _first.Gradient(batch.Pixels, error);
        return loss;
    }

    /// <summary>NaN stays NaN, so that a training that diverged is seen to have diverged.</summary>
    private static void Rectify(float[] values)
    {
        for (var i = 0; i < values.Length; i++)
            values[i] = values[i] < 0 ? 0 : values[i];
    }

    /// <summary>Turns scores into the loss's derivatives by them, and returns the loss.</summary>
    private static double SoftmaxLoss(float[] scores, byte[] labels)
    {
        var loss = 0.0;
        for (var i = 0; i < labels.Length; i++)
        {
            var own = scores.AsSpan(i * Dataset.Classes, Dataset.Classes);
            var highest = own[0];
            foreach (var score in own)
                highest = MathF.Max(highest, score);
            var sum = 0f;
            foreach (var score in own)
                sum += MathF.Exp(score - highest);
            loss += MathF.Log(sum) - (own[labels[i]] - highest);
            foreach (ref var score in own)
                score = MathF.Exp(score - highest) / sum / labels.Length;
            own[labels[i]] -= 1f / labels.Length;
        }
        return loss / labels.Length;
    }

    private static float[] Storage(Matrix<float> matrix) => matrix.AsColumnMajorArray();
}
