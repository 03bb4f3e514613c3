using System.Collections;
using System.Reflection;

namespace Asha.Torture.Invariants.Books;

/// <summary>Where two object graphs first differ, field by field, private ones included, whatever their types say of equality.</summary>
internal static class SameGraph
{
    /// <summary>Where they first differ, and how; <c>null</c>: nowhere.</summary>
    public static string? Difference(object? one, object? other) => SameFields.Are(one, other) ? null : Compare("", one, other) ?? ": somewhere";

    private static string? Compare(string path, object? one, object? other)
    {
        if (ReferenceEquals(one, other))
            return null;
        // Of a list that is only read it is no matter what it is made of.
        if (one is IList list && other is IList others)
            return CompareMany(path, list, others);
        if (one is double number && other is double twin)
            return SameNumber.Is(number, twin) ? null : Tell(path, one, other);
        if (one is null || other is null || one.GetType() != other.GetType())
            return Tell(path, one, other);
        switch (one)
        {
            case IConvertible or TimeSpan or DateTimeOffset or Guid:
                return one.Equals(other) ? null : Tell(path, one, other);
            case Delegate:
                return null;
            case Array or IDictionary:
            case IEnumerable when one.GetType().IsGenericType:
                return CompareMany(path, (IEnumerable)one, (IEnumerable)other);
        }
        foreach (var field in SameFields.FieldsOf(one.GetType()))
        {
            if (Compare($"{path}.{Name(field)}", field.GetValue(one), field.GetValue(other)) is { } difference)
                return difference;
        }
        return null;
    }

    private static string? CompareMany(string path, IEnumerable one, IEnumerable other)
    {
        // A default ImmutableArray throws where it is enumerated; none of ours is one.
        var (index, others) = (0, other.GetEnumerator());
        foreach (var item in one)
        {
            if (!others.MoveNext())
                return $"{path}: {index} items and more there, {index} here";
            if (Compare($"{path}[{index}]", item, others.Current) is { } difference)
                return difference;
            index++;
        }
        return others.MoveNext() ? $"{path}: {index} items there, more here" : null;
    }

    private static string Tell(string path, object? one, object? other) => $"{path}: {one ?? "null"} there, {other ?? "null"} here";

    private static string Name(FieldInfo field) => field.Name.StartsWith('<') ? field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)] : field.Name;
}
