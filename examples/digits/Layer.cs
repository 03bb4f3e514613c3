using MathNet.Numerics.LinearAlgebra;

namespace Asha.Examples.Digits;

/// <summary>A fully connected layer. Its arrays are the storage of the matrices, so that optimizer and checkpoint see flat numbers.</summary>
internal sealed class Layer
{
    private readonly Matrix<float> _weights;
    private readonly Matrix<float> _weightGradients;

    /// <summary>Uniform with variance 2 / inputs (He et al. 2015), which keeps the signal's size through rectified units.</summary>
    public Layer(int inputs, int outputs, SplitMix64 random)
    {
        Weights = new float[inputs * outputs];
        WeightGradients = new float[inputs * outputs];
        Biases = new float[outputs];
        BiasGradients = new float[outputs];
        _weights = Matrix<float>.Build.Dense(outputs, inputs, Weights);
        _weightGradients = Matrix<float>.Build.Dense(outputs, inputs, WeightGradients);
        var bound = MathF.Sqrt(6f / inputs);
        for (var i = 0; i < Weights.Length; i++)
            Weights[i] = (2 * random.Unit() - 1) * bound;
    }

    public float[] Weights { get; }

    public float[] Biases { get; }

    public float[] WeightGradients { get; }

    public float[] BiasGradients { get; }

    public Matrix<float> Forward(Matrix<float> input)
    {
        var output = _weights * input;
        var values = output.AsColumnMajorArray();
        for (var start = 0; start < values.Length; start += Biases.Length)
        {
            for (var row = 0; row < Biases.Length; row++)
                values[start + row] += Biases[row];
        }
        return output;
    }

    /// <summary>Sets the gradients and returns the error as the layer's input sees it.</summary>
    public Matrix<float> Backward(Matrix<float> input, Matrix<float> error)
    {
        Gradient(input, error);
        return _weights.TransposeThisAndMultiply(error);
    }

    public void Gradient(Matrix<float> input, Matrix<float> error)
    {
        error.TransposeAndMultiply(input, _weightGradients);
        Array.Clear(BiasGradients);
        var values = error.AsColumnMajorArray();
        for (var start = 0; start < values.Length; start += Biases.Length)
        {
            for (var row = 0; row < Biases.Length; row++)
                BiasGradients[row] += values[start + row];
        }
    }
}
