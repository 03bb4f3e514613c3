using MathNet.Numerics.LinearAlgebra;

namespace Asha.Examples.Digits;

/// <summary>One configuration being trained: (hyper-parameters, seed, epoch) decide every bit of it.</summary>
internal sealed class Training
{
    private readonly HyperParameters _given;
    private readonly Images _images;
    private readonly long _seed;
    private readonly Images _batch;

    public Training(HyperParameters given, long seed, Images images)
    {
        (_given, _seed, _images) = (given, seed, images);
        _batch = new Images(Matrix<float>.Build.Dense(Images.PixelCount, given.BatchSize), new byte[given.BatchSize]);
        Network = new Network(given.Hidden, seed);
        Optimizer = Optimizer.Of(given, Network);
    }

    public Network Network { get; }

    public Optimizer Optimizer { get; }

    /// <summary>Epochs trained so far.</summary>
    public int Epoch { get; set; }

    /// <summary>Goes once through the images in an order of this epoch's own; returns the mean loss.</summary>
    public double RunEpoch()
    {
        Epoch++;
        var order = Enumerable.Range(0, _images.Count).ToArray();
        new SplitMix64(_seed, "order", Epoch).Shuffle<int>(order);
        var nudges = new SplitMix64(_seed, "nudges", Epoch);
        // A rate that falls with the epochs behind, not towards a last one: a trial does not know whether it will be promoted.
        var rate = _given.LearningRate / Math.Sqrt(Epoch);
        // Every batch is full; the few images that remain are others in every epoch.
        var batches = order.Length / _batch.Count;
        var loss = 0.0;
        for (var batch = 0; batch < batches; batch++)
        {
            Fill(order.AsSpan(batch * _batch.Count, _batch.Count), ref nudges);
            loss += Network.Backward(_batch);
            Optimizer.Step(rate);
        }
        return loss / batches;
    }

    private void Fill(ReadOnlySpan<int> chosen, ref SplitMix64 nudges)
    {
        var (from, to) = (_images.Pixels.AsColumnMajorArray(), _batch.Pixels.AsColumnMajorArray());
        for (var i = 0; i < chosen.Length; i++)
        {
            Nudge.Copy(Image(from, chosen[i]), Image(to, i), ref nudges);
            _batch.Labels[i] = _images.Labels[chosen[i]];
        }
    }

    private static Span<float> Image(float[] pixels, int index) => pixels.AsSpan(index * Images.PixelCount, Images.PixelCount);
}
