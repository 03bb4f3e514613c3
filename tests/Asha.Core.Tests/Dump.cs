using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace Asha.Core.Tests;

/// <summary>An object graph as text, private fields included: two objects are alike where their texts are, and the first difference is readable.</summary>
internal static class Dump
{
    public static string Of(object value) => new Dumper().Text(value);

    private sealed class Dumper
    {
        private readonly StringBuilder _text = new();

        public string Text(object value)
        {
            Add("it", value, 0);
            return _text.ToString();
        }

        private void Add(string name, object? value, int depth)
        {
            _text.Append(' ', depth * 2).Append(name).Append(": ");
            switch (value)
            {
                case null:
                    _text.AppendLine("null");
                    break;
                case double number:
                    _text.AppendLine(CultureInfo.InvariantCulture, $"{number:R}");
                    break;
                case string or Enum or TimeSpan or DateTimeOffset or IConvertible:
                    _text.AppendLine(value.ToString());
                    break;
                case IEnumerable many:
                    _text.AppendLine(value is ICollection ? "list" : "sequence");
                    var index = 0;
                    foreach (var item in many)
                        Add(index++.ToString(CultureInfo.InvariantCulture), item, depth + 1);
                    break;
                default:
                    _text.AppendLine(value.GetType().Name);
                    for (var type = value.GetType(); type is not null && type != typeof(object); type = type.BaseType)
                    {
                        foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly).OrderBy(field => field.Name, StringComparer.Ordinal))
                        {
                            Add(field.Name, field.GetValue(value), depth + 1);
                        }
                    }
                    break;
            }
        }
    }
}
