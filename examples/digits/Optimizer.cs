namespace Asha.Examples.Digits;

/// <summary>Turns gradients into steps. Weight decay is decoupled from the gradient (Loshchilov and Hutter 2019) in both.</summary>
internal abstract class Optimizer(Network network, double weightDecay)
{
    /// <summary>What has to be in a checkpoint for the next step to be the same one.</summary>
    public abstract IReadOnlyList<float[]> State { get; }

    /// <summary>Steps taken, likewise part of a checkpoint.</summary>
    public long Steps { get; set; }

    public static Optimizer Of(HyperParameters given, Network network) => given.Optimizer switch
    {
        "sgd" => new Sgd(network, given.WeightDecay, given.Momentum),
        "adam" => new Adam(network, given.WeightDecay),
        var other => throw new InvalidDataException($"The optimizer is 'sgd' or 'adam', not '{other}'."),
    };

    public void Step(double rate)
    {
        Steps++;
        var kept = (float)(1 - rate * weightDecay);
        for (var i = 0; i < network.Parameters.Count; i++)
        {
            var parameters = network.Parameters[i];
            foreach (ref var parameter in parameters.AsSpan())
                parameter *= kept;
            Move(i, parameters, network.Gradients[i], rate);
        }
    }

    protected abstract void Move(int index, float[] parameters, float[] gradients, double rate);

    protected static IReadOnlyList<float[]> ZerosLike(Network network) => [.. network.Parameters.Select(own => new float[own.Length])];
}

/// <summary>Stochastic gradient descent with momentum.</summary>
internal sealed class Sgd(Network network, double weightDecay, double momentum) : Optimizer(network, weightDecay)
{
    public override IReadOnlyList<float[]> State { get; } = ZerosLike(network);

    protected override void Move(int index, float[] parameters, float[] gradients, double rate)
    {
        var velocity = State[index];
        var (kept, step) = ((float)momentum, (float)rate);
        for (var i = 0; i < parameters.Length; i++)
        {
            velocity[i] = kept * velocity[i] + gradients[i];
            parameters[i] -= step * velocity[i];
        }
    }
}

/// <summary>Adam (Kingma and Ba 2015) with its usual constants.</summary>
internal sealed class Adam(Network network, double weightDecay) : Optimizer(network, weightDecay)
{
    private const float MeanDecay = 0.9f;
    private const float SquareDecay = 0.999f;

    private readonly IReadOnlyList<float[]> _means = ZerosLike(network);
    private readonly IReadOnlyList<float[]> _squares = ZerosLike(network);

    public override IReadOnlyList<float[]> State => [.. _means, .. _squares];

    protected override void Move(int index, float[] parameters, float[] gradients, double rate)
    {
        var (mean, square) = (_means[index], _squares[index]);
        // Both averages begin at zero; this undoes their bias, and depends on the number of steps.
        var step = (float)(rate * Math.Sqrt(1 - Math.Pow(SquareDecay, Steps)) / (1 - Math.Pow(MeanDecay, Steps)));
        for (var i = 0; i < parameters.Length; i++)
        {
            mean[i] = MeanDecay * mean[i] + (1 - MeanDecay) * gradients[i];
            square[i] = SquareDecay * square[i] + (1 - SquareDecay) * gradients[i] * gradients[i];
            parameters[i] -= step * mean[i] / (MathF.Sqrt(square[i]) + 1e-8f);
        }
    }
}
