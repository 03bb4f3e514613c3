using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using Akka.Actor;
using Asha.Core.Spaces;

namespace Asha.Torture.World;

/// <summary>
/// Any message, as its name and what it says: our own with all that is set in them, numbers as numbers and actors as their paths; those of the actor system with why something failed, or what a timer is for, as the rest is its own affair.
/// </summary>
internal static class RecordWords
{
    /// <summary>Of a list.</summary>
    private const int MostItems = 20;

    /// <summary>A record may hold a record.</summary>
    private const int Deepest = 4;

    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> _properties = new();

    public static string Of(object message)
    {
        var type = message.GetType();
        if (!IsOurs(type))
            return $"{NameOf(type)}{(Said(message) is { } said ? $": {said}" : "")}";
        var says = Fields(message, Deepest);
        return says.Length == 0 ? NameOf(type) : $"{NameOf(type)}: {says}";
    }

    /// <summary>What a message of the actor system is about, where it says that.</summary>
    private static string? Said(object message)
    {
        if (ValueOf(message, "Cause") is Exception cause)
            return cause.Message;
        return ValueOf(message, "Key") is { } key ? key as string ?? NameOf(key.GetType()) : null;
    }

    private static object? ValueOf(object message, string property) => message.GetType().GetProperty(property)?.GetValue(message);

    private static string Fields(object record, int depth) => string.Join(", ", _properties.GetOrAdd(record.GetType(), PropertiesOf)
        .Select(property => (property.Name, Value: property.GetValue(record)))
        .Where(field => !IsUnset(field.Value))
        .Select(field => $"{field.Name} {Value(field.Value!, depth)}"));

    private static PropertyInfo[] PropertiesOf(Type type) => [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.GetIndexParameters().Length == 0)];

    private static bool IsUnset(object? value) => value is null or false or "" or ICollection { Count: 0 };

    private static string Value(object value, int depth) => value switch
    {
        string text => text,
        IActorRef actor => Words.PathOf(actor),
        byte[] bytes => $"{bytes.Length} bytes",
        Exception error => error.Message,
        Type type => NameOf(type),
        Configuration parameters => parameters.ToString()!,
        ITuple several => Items(Enumerable.Range(0, several.Length).Select(item => several[item]), depth),
        IEnumerable items => Items(items, depth),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ when IsOurs(value.GetType()) && depth > 0 => Fields(value, depth - 1) is { Length: > 0 } fields ? $"({fields})" : NameOf(value.GetType()),
        _ => NameOf(value.GetType()),
    };

    private static string Items(IEnumerable items, int depth)
    {
        var all = items.Cast<object?>().Select(item => item is null ? "none" : Value(item, depth)).ToList();
        return $"[{string.Join(", ", all.Take(MostItems))}{(all.Count > MostItems ? $", {all.Count - MostItems} more" : "")}]";
    }

    private static bool IsOurs(Type type) => type.FullName?.StartsWith("Asha.", StringComparison.Ordinal) == true;

    /// <summary>Without its namespace, and without what it is made of.</summary>
    private static string NameOf(Type type) => type.Name.Split('`')[0];
}
