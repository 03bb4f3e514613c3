using Asha.Core.Randomness;
using Asha.Core.Spaces;
using CsCheck;

namespace Asha.Core.Tests.Spaces;

/// <summary>Each domain's bounds and distribution. Seeds are fixed where chance decides, and the tolerance is four standard deviations or more.</summary>
public class DomainTests
{
    private const int Draws = 40_000;

    private static readonly Gen<Domain> AnyDomain = Gen.OneOf<Domain>(
        Gen.Select(Gen.Double[-1e6, 1e6], Gen.Double[1e-9, 1e6]).Select((min, width) => (Domain)new UniformDomain(min, min + width)),
        Gen.Select(Gen.Double[1e-12, 1], Gen.Double[1.001, 1e9]).Select((min, times) => (Domain)new LogUniformDomain(min, min * times)),
        Gen.Select(Gen.Long[-1000, 1000], Gen.Long[0, 1L << 40]).Select((min, width) => (Domain)new IntDomain(min, min + width)),
        Gen.Select(Gen.Long[1, 1000], Gen.Long[0, 1L << 40]).Select((min, width) => (Domain)new LogIntDomain(min, min + width)),
        Gen.Select(Gen.Int[1, 9], Gen.Bool).Select((count, ordered) => (Domain)new ListDomain([.. Enumerable.Range(0, count).Select(index => ParameterValue.Of(index * 0.5))], ordered)));

    private static double[] Sample(Domain domain)
        => [.. Enumerable.Range(0, Draws).Select(index => domain.Sample(KeyedRandom.Of(11).Stream(index)).AsNumber())];

    [Fact]
    public void What_is_drawn_lies_in_the_domain()
        => Gen.Select(AnyDomain, Gen.Long).Sample((domain, seed) =>
        {
            for (var index = 0; index < 20; index++)
                Assert.True(domain.Contains(domain.Sample(KeyedRandom.Of(seed).Stream(index))));
        }, iter: 500);

    [Fact]
    public void Outcomes_of_a_discrete_domain_are_its_values_and_their_probabilities_add_up_to_one()
        => Gen.OneOf<Domain>(
            Gen.Select(Gen.Long[-50, 50], Gen.Long[0, 300]).Select((min, width) => (Domain)new IntDomain(min, min + width)),
            Gen.Select(Gen.Long[1, 50], Gen.Long[0, 300]).Select((min, width) => (Domain)new LogIntDomain(min, min + width)),
            Gen.Int[1, 9].Select(count => (Domain)new ListDomain([.. Enumerable.Range(0, count).Select(index => ParameterValue.Of($"{index}"))], false)))
            .Sample(domain =>
            {
                var outcomes = Enumerable.Range(0, (int)domain.Count!.Value).Select(index => domain.Outcome(index)).ToArray();
                Assert.All(outcomes, outcome => Assert.True(domain.Contains(outcome.Value) && outcome.Probability > 0));
                Assert.Equal(outcomes.Length, outcomes.Select(outcome => outcome.Value).Distinct().Count());
                Assert.Equal(1, outcomes.Sum(outcome => outcome.Probability), 9);
            }, iter: 200);

    [Fact]
    public void A_continuum_has_no_numbered_values()
    {
        Assert.Null(new UniformDomain(0, 1).Count);
        Assert.Throws<InvalidOperationException>(() => new LogUniformDomain(1, 2).Outcome(0));
    }

    [Fact]
    public void Uniform_numbers_are_uniform()
        // Twenty bins of 5 %, each with a standard deviation of √(0.05·0.95/40,000) = 0.0011.
        => AssertFlat(Sample(new UniformDomain(-3, 7)).Select(value => (value + 3) / 10));

    [Fact]
    public void The_logarithm_of_log_uniform_numbers_is_uniform()
        => AssertFlat(Sample(new LogUniformDomain(1e-5, 10)).Select(value => (Math.Log10(value) + 5) / 6));

    [Theory]
    [InlineData(1, 10)]
    [InlineData(3, 12)]
    [InlineData(7, 7)]
    public void Whole_numbers_come_as_often_as_they_should(long min, long max)
    {
        foreach (var domain in new WholeNumbers[] { new IntDomain(min, max), new LogIntDomain(min, max) })
        {
            var counts = Sample(domain).GroupBy(value => (long)value).ToDictionary(group => group.Key, group => group.Count());
            for (var index = 0; index < domain.Count; index++)
                Assert.Equal(domain.Outcome(index).Probability, counts.GetValueOrDefault(min + index) / (double)Draws, 0.01);
        }
    }

    [Fact]
    public void The_probabilities_of_log_integers_are_those_of_the_floor_of_a_log_uniform_number()
    {
        // P(v) = log((v + 1)/v) / log((max + 1)/min): for 1 … 3, log 2 / log 4 = ½, log 1.5 / log 4, log (4/3) / log 4.
        var domain = new LogIntDomain(1, 3);
        Assert.Equal([0.5, Math.Log(1.5) / Math.Log(4), Math.Log(4.0 / 3) / Math.Log(4)], Enumerable.Range(0, 3).Select(index => domain.Outcome(index).Probability));
    }

    [Fact]
    public void Choices_are_equally_likely()
    {
        var counts = Sample(new ListDomain([.. Enumerable.Range(0, 8).Select(index => ParameterValue.Of((long)index))], Ordered: false)).GroupBy(value => value);
        Assert.All(counts, group => Assert.Equal(0.125, group.Count() / (double)Draws, 0.007));
    }

    [Fact]
    public void Streams_of_different_keys_are_independent()
    {
        // Correlation of neighbours: standard deviation 1/√40,000 = 0.005.
        var numbers = Enumerable.Range(0, Draws).Select(index => KeyedRandom.Of(5).Stream(index).Unit() - 0.5).ToArray();
        var others = Enumerable.Range(0, Draws).Select(index => KeyedRandom.Of(6).Stream(index).Unit() - 0.5).ToArray();
        Assert.Equal(0, numbers.Zip(numbers.Skip(1), (one, other) => one * other * 12).Average(), 0.02);
        Assert.Equal(0, numbers.Zip(others, (one, other) => one * other * 12).Average(), 0.02);
        Assert.NotEqual(KeyedRandom.Of(1).Stream("ab").Stream("c").Bits(), KeyedRandom.Of(1).Stream("a").Stream("bc").Bits());
    }

    [Fact]
    public void One_means_one_and_not_its_text()
    {
        Assert.True(ParameterValue.Of(1L).Means(ParameterValue.Of(1.0)));
        Assert.False(ParameterValue.Of(1L).Means(ParameterValue.Of("1")));
        Assert.False(ParameterValue.Of(1L).Means(ParameterValue.Of(true)));
        Assert.True(ParameterValue.Of("1").Means(ParameterValue.Of("1")));
        Assert.Throws<InvalidOperationException>(() => ParameterValue.Of("1").AsNumber());
        Assert.Throws<InvalidOperationException>(() => ParameterValue.Of(1.0).AsInteger());
    }

    [Fact]
    public void A_value_reads_back_from_its_text()
        => Gen.Double.Where(double.IsFinite).Sample(number => BitConverter.DoubleToInt64Bits(number) == BitConverter.DoubleToInt64Bits(
            double.Parse(ParameterValue.Of(number).ToString(), System.Globalization.CultureInfo.InvariantCulture)));

    private static void AssertFlat(IEnumerable<double> units)
    {
        var bins = units.GroupBy(unit => Math.Min((int)(unit * 20), 19)).ToArray();
        Assert.Equal(20, bins.Length);
        Assert.All(bins, bin => Assert.Equal(0.05, bin.Count() / (double)Draws, 0.005));
    }
}
