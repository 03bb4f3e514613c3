using Asha.Core.Experiments;
using Asha.Core.Spaces;
using Asha.Core.Worlds;

namespace Asha.Core.Tests.Worlds;

/// <summary>Drawn worlds against closed forms. The bounds are five standard errors of the mean; the draws are fixed by the seed.</summary>
public sealed class WorldRulesTests
{
    private const int Draws = 200_000;

    private static JobStarted Job(int trial, int rung = 0, int attempt = 1) => new(TimeSpan.Zero, trial, 0, rung, attempt, 0, 0, 4);

    [Theory]
    [InlineData(.1)]
    [InlineData(.56)]
    [InlineData(1.33)]
    public void A_straggler_takes_1_plus_a_half_normal_times_as_long(double sigma)
    {
        var rules = new WorldRules(JobCost.Restart) { Stragglers = new(StragglerType.HalfNormal, sigma) };
        var lengths = Enumerable.Range(0, Draws).Select(trial => WorldRules.Of(rules.Draw(7, Job(trial)), 1).Length.TotalSeconds).ToArray();
        // |z| has mean σ·√(2/π) and variance σ²·(1 − 2/π).
        var error = sigma * Math.Sqrt((1 - 2 / Math.PI) / Draws);
        Assert.InRange(lengths.Average(), 1 + sigma * Math.Sqrt(2 / Math.PI) - 5 * error, 1 + sigma * Math.Sqrt(2 / Math.PI) + 5 * error);
        Assert.All(lengths, length => Assert.True(length >= 1));
        // Two thirds of normal draws lie within σ.
        var within = lengths.Count(length => length <= 1 + sigma) / (double)Draws;
        Assert.InRange(within, .6827 - 5 * .001, .6827 + 5 * .001);
    }

    [Theory]
    [InlineData(.1)]
    [InlineData(.5)]
    public void A_log_normal_straggler_has_median_1_and_mean_exp_of_half_the_variance(double sigma)
    {
        var rules = new WorldRules(JobCost.Restart) { Stragglers = new(StragglerType.LogNormal, sigma) };
        var lengths = Enumerable.Range(0, Draws).Select(trial => WorldRules.Of(rules.Draw(7, Job(trial)), 1).Length.TotalSeconds).ToArray();
        // exp(z) has mean exp(σ²/2) and variance (exp(σ²) − 1)·exp(σ²).
        var (mean, error) = (Math.Exp(sigma * sigma / 2), Math.Sqrt((Math.Exp(sigma * sigma) - 1) * Math.Exp(sigma * sigma) / Draws));
        Assert.InRange(lengths.Average(), mean - 5 * error, mean + 5 * error);
        Assert.InRange(lengths.Count(length => length < 1) / (double)Draws, .5 - 5 * .5 / Math.Sqrt(Draws), .5 + 5 * .5 / Math.Sqrt(Draws));
        // P(exp(z) > exp(2σ)) = 1 − Φ(2) = 2.275 %.
        var far = Math.Sqrt(.02275 * (1 - .02275) / Draws);
        Assert.InRange(lengths.Count(length => length > Math.Exp(2 * sigma)) / (double)Draws, .02275 - 5 * far, .02275 + 5 * far);
    }

    [Fact]
    public void Both_kinds_of_stragglers_come_from_the_same_draw()
    {
        // The one is a function of the other: z is the same.
        AttemptDraw Draw(StragglerType type, int trial) => new WorldRules(JobCost.Restart) { Stragglers = new(type, .5) }.Draw(7, Job(trial));
        Assert.All(Enumerable.Range(0, 100), trial => Assert.Equal(Draw(StragglerType.HalfNormal, trial).Straggler - 1, Math.Abs(Math.Log(Draw(StragglerType.LogNormal, trial).Straggler)), 12));
    }

    [Fact]
    public void Start_up_and_checkpoint_are_added_once_and_neither_straggle_nor_speed_up()
    {
        var resume = new WorldRules(JobCost.Resume) { StartUp = TimeSpan.FromSeconds(5), Checkpoint = TimeSpan.FromSeconds(2) };
        Assert.Equal((7, 5, 2), (resume.Fixed(Job(0)).TotalSeconds, (resume with { Cost = JobCost.Restart }).Fixed(Job(0)).TotalSeconds, resume.Fixed(Job(0) with { GoesOn = true }).TotalSeconds));
        // 10 s of training, twice as slow by chance, on a node of speed 4.
        Assert.Equal(new Course(TimeSpan.FromSeconds(7 + 10 * 2 / 4.0), false), WorldRules.Of(new AttemptDraw(2, double.PositiveInfinity), 10, .25m, resume.Fixed(Job(0))));
        // Drops count from the attempt's beginning, start-up included.
        Assert.Equal(new Course(TimeSpan.FromSeconds(3), true), WorldRules.Of(new AttemptDraw(2, 3), 10, .25m, resume.Fixed(Job(0))));
    }

    [Theory]
    [InlineData(1e40, 1e9, 1)]
    [InlineData(1, 1e15, 1e12)]
    [InlineData(2, 1e15, 1e12)]
    [InlineData(double.PositiveInfinity, 1, 1)]
    public void An_attempt_that_would_last_for_ages_lasts_for_some(double straggler, double seconds, double pace)
    {
        Assert.Equal(new Course(WorldRules.LongestCourse, false), WorldRules.Of(new AttemptDraw(straggler, double.PositiveInfinity), (decimal)seconds, (decimal)pace));
        Assert.Equal(new Course(TimeSpan.FromSeconds(3), true), WorldRules.Of(new AttemptDraw(straggler, 3), (decimal)seconds, (decimal)pace));
    }

    [Fact]
    public void A_unit_costs_a_product_of_powers_of_the_trials_parameters()
    {
        var rules = new WorldRules(JobCost.Resume) { PerUnit = new UnitCost(.5, [("layers", 1), ("width", 2), ("absent", 9)]) };
        var trial = new Configuration([new("layers", ParameterValue.Of(3)), new("width", ParameterValue.Of(1.5)), new("other", ParameterValue.Of("text"))]);
        // 3 units more · 0.5 · 3 · 1.5²
        Assert.Equal(10.125m, rules.Seconds(Job(0) with { Start = 1 }, trial));
    }

    [Theory]
    [InlineData(.01, 10.5, 10)]
    [InlineData(.2, 4, 4)]
    [InlineData(1, 1, 1)]
    public void An_attempt_survives_each_whole_second_with_probability_1_minus_p(double p, double seconds, int whole)
    {
        var rules = new WorldRules(JobCost.Restart, Drops: p);
        var courses = Enumerable.Range(0, Draws).Select(trial => WorldRules.Of(rules.Draw(7, Job(trial)), (decimal)seconds)).ToArray();
        var expected = 1 - Math.Pow(1 - p, whole);
        var error = Math.Sqrt(expected * (1 - expected) / Draws);
        Assert.InRange(courses.Count(course => course.IsDropped) / (double)Draws, expected - 5 * error, expected + 5 * error);
        Assert.All(courses, course => Assert.Equal(course.IsDropped ? Math.Floor(course.Length.TotalSeconds) : seconds, course.Length.TotalSeconds));
        // The first second already takes p of them.
        var first = courses.Count(course => course.IsDropped && course.Length == TimeSpan.FromSeconds(1)) / (double)Draws;
        Assert.InRange(first, p - 5 * Math.Sqrt(p * (1 - p) / Draws), p + 5 * Math.Sqrt(p * (1 - p) / Draws));
    }

    [Theory]
    [InlineData(1e-17)]
    [InlineData(1e-300)]
    [InlineData(double.Epsilon)]
    public void A_drop_too_unlikely_to_be_told_from_none_drops_nothing(double p)
    {
        var rules = new WorldRules(JobCost.Restart, Drops: p);
        Assert.All(Enumerable.Range(0, 1000), trial => Assert.False(WorldRules.Of(rules.Draw(7, Job(trial)), 1_000_000).IsDropped));
    }

    [Fact]
    public void Rare_drops_are_as_rare_as_they_are_said_to_be()
        // Exponential with mean 1/p seconds; ln(1 − p) as such is wrong by a tenth here.
        => Assert.InRange(Enumerable.Range(0, Draws).Average(trial => new WorldRules(JobCost.Restart, Drops: 1e-15).Draw(7, Job(trial)).DroppedAfter), 1e15 * (1 - 5 / Math.Sqrt(Draws)), 1e15 * (1 + 5 / Math.Sqrt(Draws)));

    [Fact]
    public void A_draw_belongs_to_trial_rung_and_attempt_and_to_nothing_else()
    {
        var rules = new WorldRules(JobCost.Restart) { Stragglers = new(StragglerType.HalfNormal, 1) };
        TimeSpan Length(JobStarted job) => WorldRules.Of(rules.Draw(7, job), 1).Length;
        Assert.Equal(Length(Job(3, 1, 2)), Length(Job(3, 1, 2) with { Time = TimeSpan.FromDays(1), Slot = 9, Start = 2 }));
        Assert.Equal(4, new[] { Job(3, 1, 2), Job(4, 1, 2), Job(3, 2, 2), Job(3, 1, 3) }.Select(Length).Distinct().Count());
        Assert.NotEqual(Length(Job(3)), WorldRules.Of(rules.Draw(8, Job(3)), 1).Length);
    }

    [Fact]
    public void A_job_costs_its_units() => Assert.Equal(1.5m, new WorldRules(JobCost.Resume) { PerUnit = new(.5) }.Seconds(Job(0) with { Start = 1 }));

    [Fact]
    public void A_power_law_falls_to_its_asymptote_and_noise_has_its_deviation()
    {
        var still = new PowerLawCurves(0);
        Assert.All(Enumerable.Range(0, 100), trial => Assert.True(still.Metric(7, trial, 0, 1) > still.Metric(7, trial, 1, 4) && still.Metric(7, trial, 1, 4) > still.Metric(7, trial, 2, 1e12)));
        Assert.All(Enumerable.Range(0, 100), trial => Assert.InRange(still.Metric(7, trial, 0, 1e30), 0, 1.001));
        var noisy = Enumerable.Range(0, Draws).Select(trial => new PowerLawCurves(.1).Metric(7, trial, 2, 16) - still.Metric(7, trial, 2, 16)).ToArray();
        Assert.InRange(noisy.Average(), -5 * .1 / Math.Sqrt(Draws), 5 * .1 / Math.Sqrt(Draws));
        Assert.InRange(noisy.Average(error => error * error), .01 * (1 - 5 * Math.Sqrt(2.0 / Draws)), .01 * (1 + 5 * Math.Sqrt(2.0 / Draws)));
    }
}
