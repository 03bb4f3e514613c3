using System.Globalization;
using Asha.Core.Experiments;

namespace Asha.TestKit;

public abstract partial class RunUnderTest
{
    /// <summary>These are all promotions, in this order.</summary>
    /// <param name="expected">Of each its time, the trial, and the rung that it left.</param>
    public void AssertPromotions(params (double Time, int Trial, int Rung)[] expected)
    {
        ThrowIfUnknown();
        var actual = Promotions.ToList();
        var first = Enumerable.Range(0, Math.Max(expected.Length, actual.Count)).FirstOrDefault(
            index => index >= expected.Length || index >= actual.Count || (Seconds.Span(expected[index].Time), expected[index].Trial, expected[index].Rung) != (actual[index].Time, actual[index].Trial, actual[index].Rung), -1);
        if (first < 0)
            return;
        var lines = new List<string> { $"Promotions differ from number {first + 1} on.", $"  expected: {List(expected.Select(one => Text(one.Time, one.Trial, one.Rung)), first)}", $"  actual:   {List(actual.Select(Text), first)}" };
        throw Failed(string.Join('\n', lines), first < actual.Count ? actual[first].Time : Seconds.Span(expected[first].Time));
    }

    /// <summary>These trials left a rung, and no others, in this order.</summary>
    /// <param name="rung">The rung that they left.</param>
    /// <param name="trials">In the order of their promotions.</param>
    public void AssertPromotedFrom(int rung, params int[] trials)
    {
        ThrowIfUnknown();
        var actual = Promotions.Where(promoted => promoted.Rung == rung).ToList();
        var first = Enumerable.Range(0, Math.Max(trials.Length, actual.Count)).FirstOrDefault(index => index >= trials.Length || index >= actual.Count || trials[index] != actual[index].Trial, -1);
        if (first >= 0)
            throw Failed($"Promoted from rung {rung}:\n  expected: trials {Join(trials)}\n  actual:   trials {Join(actual.Select(promoted => promoted.Trial))}", first < actual.Count ? actual[first].Time : null);
    }

    /// <summary>A trial was promoted.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="rung">The rung that it left.</param>
    /// <param name="at">When, in seconds; left out, at any time.</param>
    public void AssertPromoted(int trial, int rung, double? at = null)
    {
        ThrowIfUnknown();
        var actual = Promotions.FirstOrDefault(promoted => promoted.Trial == trial && promoted.Rung == rung);
        if (actual is null)
            throw Failed($"Promotion of trial {trial} out of rung {rung}:\n  expected: {(at is { } time ? $"at {Text(time)} s" : "one")}\n  actual:   none so far. {Standing(trial, rung)}", at is { } then ? Seconds.Span(then) : ResultOf(trial, rung)?.Time);
        if (at is { } expected && Seconds.Span(expected) != actual.Time)
            throw Failed($"Promotion of trial {trial} out of rung {rung}:\n  expected: at {Text(expected)} s\n  actual:   at {Text(actual.Time)} s, as number {actual.Rank} of {actual.Results} results", actual.Time);
    }

    /// <summary>A trial was not promoted so far.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="rung">The rung that it would leave.</param>
    public void AssertNotPromoted(int trial, int rung)
    {
        ThrowIfUnknown();
        if (trial < 0 || trial >= Record.State.Trials.Count)
            throw Failed($"There is no trial {trial} so far: there are {Record.State.Trials.Count}, numbered from 0.", null);
        if (Promotions.FirstOrDefault(promoted => promoted.Trial == trial && promoted.Rung == rung) is { } actual)
            throw Failed($"Promotion of trial {trial} out of rung {rung}:\n  expected: none\n  actual:   at {Text(actual.Time)} s, as number {actual.Rank} of {actual.Results} results", actual.Time);
    }

    private string Standing(int trial, int rung) => ResultOf(trial, rung) is { } result
        ? string.Create(CultureInfo.InvariantCulture, $"It had its result there, {result.Metric:R}, at {Text(result.Time)} s.") : "It has no result there.";

    private JobCompleted? ResultOf(int trial, int rung) => Events.OfType<JobCompleted>().FirstOrDefault(done => done.Trial == trial && done.Rung == rung);

    private static string Text(TrialPromoted promoted) => Text(Seconds.Of(promoted.Time), promoted.Trial, promoted.Rung);

    private static string Text(double time, int trial, int rung) => $"{Text(time)} s: {trial} out of {rung}";

    /// <summary>From the one before the first that differs, so many that a line can be read.</summary>
    private static string List(IEnumerable<string> all, int first)
    {
        var (list, from) = (all.ToList(), Math.Max(0, first - 1));
        return list.Count == 0 ? "none" : $"{(from > 0 ? "… " : "")}{string.Join("; ", list.Skip(from).Take(4))}{(list.Count > from + 4 ? " …" : "")} ({list.Count} in all)";
    }

    private static string Join(IEnumerable<int> numbers) => numbers.Any() ? string.Join(", ", numbers) : "none";
}
