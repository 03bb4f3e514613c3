using System.Collections;
using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;

namespace Asha.Torture.Invariants.Books;

/// <summary>Whether two object graphs are alike field by field, with a comparison compiled for each type: for the many times that they are. Where they are not, <see cref="SameGraph"/> finds the place.</summary>
internal static class SameFields
{
    private static readonly ConcurrentDictionary<Type, Func<object, object, bool>> _ofType = new();

    public static bool Are(object? one, object? other)
    {
        if (ReferenceEquals(one, other))
            return true;
        if (one is null || other is null)
            return false;
        if (one is IList list && other is IList others && !(one is Array && one.GetType() == other.GetType()))
            return AreLists(list, others);
        return one.GetType() == other.GetType() && _ofType.GetOrAdd(one.GetType(), Make)(one, other);
    }

    private static Func<object, object, bool> Make(Type type)
    {
        if (type == typeof(double))
            return (one, other) => SameNumber.Is((double)one, (double)other);
        if (type == typeof(ulong[]))
            return (one, other) => ((ulong[])one).AsSpan().SequenceEqual((ulong[])other);
        if (type == typeof(int[]))
            return (one, other) => ((int[])one).AsSpan().SequenceEqual((int[])other);
        if (IsPlain(type))
            return (one, other) => one.Equals(other);
        if (typeof(Delegate).IsAssignableFrom(type))
            return (_, _) => true;
        if (typeof(IList).IsAssignableFrom(type))
            return (one, other) => AreLists((IList)one, (IList)other);
        if (typeof(IDictionary).IsAssignableFrom(type) || (typeof(IEnumerable).IsAssignableFrom(type) && type.IsGenericType))
            return (one, other) => AreSequences((IEnumerable)one, (IEnumerable)other);
        var (left, right) = (Expression.Parameter(typeof(object)), Expression.Parameter(typeof(object)));
        var same = FieldsOf(type).Select(field => Compare(Expression.Field(Expression.Convert(left, type), field), Expression.Field(Expression.Convert(right, type), field)));
        return Expression.Lambda<Func<object, object, bool>>(same.Aggregate((Expression)Expression.Constant(true), Expression.AndAlso), left, right).Compile();
    }

    private static Expression Compare(Expression one, Expression other)
    {
        var type = one.Type;
        if (type == typeof(double))
            return Expression.Call(typeof(SameNumber), nameof(SameNumber.Is), null, one, other);
        if (type.IsPrimitive || type.IsEnum || type == typeof(TimeSpan))
            return Expression.Equal(one, other);
        return Expression.Call(typeof(SameFields), nameof(Are), null, Expression.Convert(one, typeof(object)), Expression.Convert(other, typeof(object)));
    }

    private static bool IsPlain(Type type) => typeof(IConvertible).IsAssignableFrom(type) || type == typeof(TimeSpan) || type == typeof(DateTimeOffset) || type == typeof(Guid);

    private static bool AreLists(IList one, IList other)
    {
        if (one.Count != other.Count)
            return false;
        for (var index = 0; index < one.Count; index++)
        {
            if (!Are(one[index], other[index]))
                return false;
        }
        return true;
    }

    private static bool AreSequences(IEnumerable one, IEnumerable other)
    {
        var others = other.GetEnumerator();
        foreach (var item in one)
        {
            if (!others.MoveNext() || !Are(item, others.Current))
                return false;
        }
        return !others.MoveNext();
    }

    /// <summary>Private ones and those of the types that it is derived from included.</summary>
    public static IEnumerable<FieldInfo> FieldsOf(Type type)
    {
        for (var own = type; own is not null && own != typeof(object); own = own.BaseType)
        {
            foreach (var field in own.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                yield return field;
        }
    }
}
