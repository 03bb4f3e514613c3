namespace Asha.Tuning.Tests;

/// <summary>Typed values: what goes in comes out, as the type that it was declared with.</summary>
public sealed class ParameterTests
{
    private enum Kernel { Linear, Rbf }

    [Fact]
    public void A_value_is_read_as_the_type_of_its_handle()
    {
        var space = new SearchSpace();
        var values = new ParameterValues()
            .With(space.Uniform("u", 0, 1), 0.1)
            .With(space.Int("i", 1, 9), 3)
            .With(space.Boolean("b"), true);
        var text = space.Choice("t", ["1", "true"]);
        var single = space.Choice("f", [0.1f, 0.2f]);
        var big = space.Choice("l", [1L << 40, 2L]);
        var kernel = space.Ordinal("k", [Kernel.Linear, Kernel.Rbf]);
        values = values.With(text, "1").With(single, 0.1f).With(big, 1L << 40).With(kernel, Kernel.Rbf).With(text, "true");
        string read = values.Get(text);
        float number = values.Get(single);
        long whole = values.Get(big);
        Kernel one = values.Get(kernel);
        Assert.Equal(("true", 0.1f, 1L << 40, Kernel.Rbf), (read, number, whole, one));
        Assert.Equal("u=0.1, i=3, b=true, f=0.1, l=1099511627776, k=Rbf, t=true", values.ToString());
        Assert.Equal([typeof(double), typeof(long), typeof(bool), typeof(double), typeof(long), typeof(string), typeof(string)], values.Select(pair => pair.Value.GetType()));
    }

    [Fact]
    public void A_parameter_that_is_not_active_says_on_what_it_depends()
    {
        var space = new SearchSpace();
        var optimizer = space.Choice("optimizer", ["sgd", "rmsprop", "adam"]);
        var layers = space.Int("layers", 1, 3);
        var momentum = space.Uniform("momentum", 0, 1, when: optimizer.Is("sgd", "rmsprop").And(layers.Is(2)));
        var values = new ParameterValues().With(optimizer, "adam").With(layers, 2);
        var error = Assert.Throws<KeyNotFoundException>(() => values.Get(momentum));
        Assert.StartsWith("'momentum' is not active in this configuration: it needs 'optimizer' to be sgd or rmsprop and 'layers' to be 2.", error.Message);
        Assert.False(values.TryGet(momentum, out _));
        Assert.Equal(0.25, values.Get(momentum, otherwise: 0.25));
        Assert.Contains("no parameter of its search space", Assert.Throws<KeyNotFoundException>(() => values.Get(new SearchSpace().Boolean("other"))).Message);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void What_cannot_be_recorded_is_no_value(double value) => Assert.Throws<ArgumentException>(() => new ParameterValues().With(new SearchSpace().Uniform("x", 0, 1), value));
}
