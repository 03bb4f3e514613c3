using Asha.Core.Spaces;

namespace Asha.Tuning;

/// <summary>
/// The parameters to tune. Each method adds one and returns its handle, by which a trial reads its value: <c>var rate = space.LogUniform("learning-rate", 1e-4, 1);</c> and in the
/// trial <c>double r = trial.Get(rate);</c>.
/// </summary>
/// <remarks>
/// A name is a letter or <c>_</c>, then letters, digits, <c>-</c> and <c>_</c>, at most 64 characters in all, and occurs once. 1 … 1000 parameters. Every parameter draws from a stream of its own, named by it: adding one
/// leaves the values of the others as they were. Nothing is checked here: all mistakes are told at once by <see cref="Tuner.RunAsync"/>. With <c>when</c> a parameter is active only where the condition
/// holds; where it is not active it has no value.
/// </remarks>
public sealed class SearchSpace
{
    private readonly List<Draft> _drafts = [];

    /// <summary>A parameter as it was asked for; its domain is made, and checked, when the run starts.</summary>
    internal sealed record Draft(string Name, Condition? When, Func<Problems, Domain?> Domain);

    /// <summary>In the order in which they were added.</summary>
    internal IReadOnlyList<Draft> Drafts => _drafts;

    /// <summary>Real numbers from <paramref name="min"/> up to, but not including, <paramref name="max"/>, each as likely as any other.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="min">The least value; within ±1e300.</param>
    /// <param name="max">More than <paramref name="min"/>; within ±1e300.</param>
    /// <param name="when">Where it is active; always, if left out.</param>
    public Parameter<double> Uniform(string name, double min, double max, Condition? when = null)
        => Add(name, when, Number, problems => Bounds(problems, name, min, max, -ExperimentRules.LargestBound) ? new UniformDomain(min, max) : null);

    /// <summary>Real numbers from <paramref name="min"/> up to, but not including, <paramref name="max"/>, whose logarithm is uniform: for what matters by its order of magnitude.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="min">The least value; more than 0.</param>
    /// <param name="max">More than <paramref name="min"/>; at most 1e300.</param>
    /// <param name="when">Where it is active; always, if left out.</param>
    public Parameter<double> LogUniform(string name, double min, double max, Condition? when = null)
        => Add(name, when, Number, problems => Bounds(problems, name, min, max, double.Epsilon) ? new LogUniformDomain(min, max) : null);

    /// <summary>Whole numbers, both bounds included, each as likely as any other.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="min">The least value.</param>
    /// <param name="max">The greatest; more than <paramref name="min"/>.</param>
    /// <param name="when">Where it is active; always, if left out.</param>
    public Parameter<int> Int(string name, int min, int max, Condition? when = null)
        => Add(name, when, Whole, problems => Bounds(problems, name, min, max, int.MinValue) ? new IntDomain(min, max) : null);

    /// <summary>Whole numbers, both bounds included, whose logarithm is uniform: <c>v</c> has the probability log((v + 1)/v) / log((max + 1)/min).</summary>
    /// <param name="name">Its name.</param>
    /// <param name="min">The least value; at least 1.</param>
    /// <param name="max">The greatest; more than <paramref name="min"/>.</param>
    /// <param name="when">Where it is active; always, if left out.</param>
    public Parameter<int> LogInt(string name, int min, int max, Condition? when = null)
        => Add(name, when, Whole, problems => Bounds(problems, name, min, max, 1) ? new LogIntDomain(min, max) : null);

    /// <summary>One of the values, each as likely as any other.</summary>
    /// <typeparam name="T"><see cref="string"/>, <see cref="bool"/>, <see cref="int"/>, <see cref="long"/>, <see cref="double"/>, <see cref="float"/> or an enumeration, which is recorded by its names.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="values">1 … 1000 different values.</param>
    /// <param name="when">Where it is active; always, if left out.</param>
    public Parameter<T> Choice<T>(string name, IReadOnlyList<T> values, Condition? when = null) => List(name, values, ordered: false, when);

    /// <summary>One of the values, whose order means something, each as likely as any other.</summary>
    /// <typeparam name="T">As for <see cref="Choice"/>.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="values">1 … 1000 different values, in their order.</param>
    /// <param name="when">Where it is active; always, if left out.</param>
    public Parameter<T> Ordinal<T>(string name, IReadOnlyList<T> values, Condition? when = null) => List(name, values, ordered: true, when);

    /// <summary>False or true, both equally likely.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="when">Where it is active; always, if left out.</param>
    public Parameter<bool> Boolean(string name, Condition? when = null) => List(name, [false, true], ordered: false, when);

    /// <summary>Always the same value: on record with the others, and easily made a choice later.</summary>
    /// <typeparam name="T">As for <see cref="Choice"/>.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="value">The value.</param>
    /// <param name="when">Where it is active; always, if left out.</param>
    public Parameter<T> Constant<T>(string name, T value, Condition? when = null) => List(name, [value], ordered: false, when);

    private static double Number(ParameterValue value) => value.AsNumber();

    private static int Whole(ParameterValue value) => (int)value.AsInteger();

    private Parameter<T> List<T>(string name, IReadOnlyList<T> values, bool ordered, Condition? when)
    {
        ArgumentNullException.ThrowIfNull(values);
        T[] own = [.. values];
        var recorded = own.Select(Recorded.Of).ToArray();
        return Add(name, when, value => own[Array.FindIndex(recorded, one => one is { } known && known.Means(value))], problems => Domain(problems, name, recorded, ordered));
    }

    private static ListDomain? Domain(Problems problems, string name, ParameterValue?[] values, bool ordered)
    {
        if (values.Length is 0 or > ExperimentRules.MostValues)
            return None(problems, $"{name}: must have 1 to {ExperimentRules.MostValues} values, but has {values.Length}");
        if (values.Any(value => value is null))
            return None(problems, $"{name}: a value must be a text of at most {ExperimentRules.LongestText} characters, a finite number, a boolean or one of an enumeration");
        List<ParameterValue> known = [.. values.Select(value => value!.Value)];
        for (var index = 1; index < known.Count; index++)
        {
            if (known.FindIndex(earlier => earlier.Means(known[index])) < index)
                return None(problems, $"{name}: {known[index]} occurs twice");
        }
        return new ListDomain(known, ordered);
    }

    private static ListDomain? None(Problems problems, string problem)
    {
        problems.Add(problem);
        return null;
    }

    private static bool Bounds(Problems problems, string name, double min, double max, double least)
    {
        if (!(min >= least && max <= ExperimentRules.LargestBound))
            problems.Add(least == double.Epsilon
                ? FormattableString.Invariant($"{name}: on a logarithmic scale the bounds must lie above 0 and be at most {ExperimentRules.LargestBound}, but are {min} and {max}")
                : FormattableString.Invariant($"{name}: the bounds must lie within {Math.Max(least, -ExperimentRules.LargestBound)} and {ExperimentRules.LargestBound}, but are {min} and {max}"));
        else if (min < max)
            return true;
        else
            problems.Add(FormattableString.Invariant($"{name}: max must be more than min, {min}, but is {max}{(min == max ? "; for a single value use Constant" : "")}"));
        return false;
    }

    private Parameter<T> Add<T>(string name, Condition? when, Func<ParameterValue, T> read, Func<Problems, Domain?> domain)
    {
        ArgumentNullException.ThrowIfNull(name);
        _drafts.Add(new Draft(name, when, domain));
        return new Parameter<T>(this, name, when, read);
    }
}
