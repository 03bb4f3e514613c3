using Asha.Core.Spaces;

namespace Asha.Host.ExperimentFiles;

/// <summary>Reads <c>when</c>: a parameter is active where others have given values.</summary>
internal static class ConditionReader
{
    /// <summary>The conditions of a parameter; <c>null</c> where one is wrong.</summary>
    public static IReadOnlyList<Condition>? Read(ParameterDraft draft, IReadOnlyDictionary<string, ParameterDraft> all)
    {
        if (draft.When is null)
            return null;
        var conditions = new List<Condition>();
        foreach (var (key, field) in draft.When)
        {
            if (Read(key, field, all) is { } condition)
                conditions.Add(condition);
        }
        return conditions.Count == draft.When.Count ? conditions : null;
    }

    private static Condition? Read(ScalarNode key, Field field, IReadOnlyDictionary<string, ParameterDraft> all)
    {
        var name = key.Text;
        if (!all.TryGetValue(name, out var parent))
        {
            field.WrongKey(key, "there is no such parameter", [.. all.Keys]);
            return null;
        }
        if (parent.Domain is Continuum)
        {
            field.WrongKey(key, $"'{name}' is a continuum, on which nothing can depend; it must be of type int, log-int, choice, ordinal, boolean or constant");
            return null;
        }
        if (field.OneOrMore(DomainReader.MostValues) is not { } elements)
            return null;
        if (elements.Count == 0)
            field.Wrong("must have at least one value");
        var values = DomainReader.Distinct(elements, element => Value(element, parent));
        return values.Count == elements.Count && values.Count > 0 ? new Condition(name, values) : null;
    }

    private static ParameterValue? Value(Field field, ParameterDraft parent)
    {
        if (field.Value() is not { } value || parent.Domain is not { } domain)
            return null;
        if (DomainReader.Fit(domain, value) is { } fitting)
            return fitting;
        field.Wrong($"'{parent.Name}' is never {InitialReader.Written(value)}, only {DomainReader.Describe(domain)}");
        return null;
    }
}
