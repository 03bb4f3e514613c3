using System.Text.Json;
using System.Text.Json.Serialization;
using Asha.Core.Spaces;

namespace Asha.Actors.Persistence;

/// <summary>A parameter's value as the JSON scalar of its kind. A real number always has a point or an exponent, so that 1.0 does not come back as the whole number 1.</summary>
internal sealed class ParameterValueConverter : JsonConverter<ParameterValue>
{
    public override ParameterValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.True => ParameterValue.Of(true),
        JsonTokenType.False => ParameterValue.Of(false),
        JsonTokenType.String => ParameterValue.Of(reader.GetString()!),
        _ when reader.ValueSpan.IndexOfAny(".eE"u8) < 0 && reader.TryGetInt64(out var whole) => ParameterValue.Of(whole),
        _ when reader.GetDouble() is var number && double.IsFinite(number) => ParameterValue.Of(number),
        _ => throw new JsonException("The value of a parameter is too large for a number."),
    };

    public override void Write(Utf8JsonWriter writer, ParameterValue value, JsonSerializerOptions options)
    {
        switch (value.Kind)
        {
            case ParameterKind.Flag: writer.WriteBooleanValue(value.AsFlag()); break;
            case ParameterKind.Text: writer.WriteStringValue(value.AsText()); break;
            case ParameterKind.Integer: writer.WriteNumberValue(value.AsInteger()); break;
            default:
                var text = value.ToString();
                writer.WriteRawValue(text.AsSpan().IndexOfAny('.', 'e', 'E') < 0 ? text + ".0" : text);
                break;
        }
    }
}

/// <summary>A configuration as one object, in the order of the search space.</summary>
internal sealed class ConfigurationConverter : JsonConverter<Configuration>
{
    private static readonly ParameterValueConverter Value = new();

    public override Configuration Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var values = new List<KeyValuePair<string, ParameterValue>>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            values.Add(new(name, Value.Read(ref reader, typeof(ParameterValue), options)));
        }
        return values.Count == 0 ? Configuration.Empty : new Configuration(values);
    }

    public override void Write(Utf8JsonWriter writer, Configuration value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        for (var index = 0; index < value.Values.Count; index++)
        {
            var (name, own) = value.Values[index];
            writer.WritePropertyName(name);
            Value.Write(writer, own, options);
        }
        writer.WriteEndObject();
    }
}

/// <summary>A search space as a list of parameters, each with the keys of an experiment file.</summary>
internal sealed class SearchSpaceConverter : JsonConverter<SearchSpace>
{
    /// <summary>A parameter as it is written; which keys are there depends on its type.</summary>
    internal sealed record Entry(
        string Name, string Type, ParameterValue? Min = null, ParameterValue? Max = null, IReadOnlyList<ParameterValue>? Values = null, IReadOnlyList<Condition>? When = null);

    public override SearchSpace Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var entries = JsonSerializer.Deserialize(ref reader, (System.Text.Json.Serialization.Metadata.JsonTypeInfo<Entry[]>)options.GetTypeInfo(typeof(Entry[])))!;
        // That nothing is null is not the reader's to see within lists.
        if (entries.Any(entry => entry is null || entry.When?.Contains(null!) == true))
            throw new JsonException("A parameter or a condition of the search space is null.");
        return new SearchSpace(entries.Select(entry => new Parameter(entry.Name, DomainOf(entry), entry.When ?? [])));
    }

    public override void Write(Utf8JsonWriter writer, SearchSpace value, JsonSerializerOptions options)
        => JsonSerializer.Serialize(writer, value.Parameters.Select(EntryOf).ToArray(), (System.Text.Json.Serialization.Metadata.JsonTypeInfo<Entry[]>)options.GetTypeInfo(typeof(Entry[])));

    private static Entry EntryOf(Parameter parameter)
    {
        var entry = new Entry(parameter.Name, "", null, null, null, parameter.When.Count == 0 ? null : parameter.When);
        return parameter.Domain switch
        {
            UniformDomain uniform => entry with { Type = "uniform", Min = ParameterValue.Of(uniform.Min), Max = ParameterValue.Of(uniform.Max) },
            LogUniformDomain log => entry with { Type = "log-uniform", Min = ParameterValue.Of(log.Min), Max = ParameterValue.Of(log.Max) },
            IntDomain whole => entry with { Type = "int", Min = ParameterValue.Of(whole.Min), Max = ParameterValue.Of(whole.Max) },
            LogIntDomain log => entry with { Type = "log-int", Min = ParameterValue.Of(log.Min), Max = ParameterValue.Of(log.Max) },
            ListDomain list => entry with { Type = list.Ordered ? "ordinal" : "choice", Values = list.Values },
            var other => throw new JsonException($"The domain {other.GetType().Name} has no format."),
        };
    }

    private static Domain DomainOf(Entry entry) => entry.Type switch
    {
        "uniform" => new UniformDomain(entry.Min!.Value.AsNumber(), entry.Max!.Value.AsNumber()),
        "log-uniform" => new LogUniformDomain(entry.Min!.Value.AsNumber(), entry.Max!.Value.AsNumber()),
        "int" => new IntDomain(entry.Min!.Value.AsInteger(), entry.Max!.Value.AsInteger()),
        "log-int" => new LogIntDomain(entry.Min!.Value.AsInteger(), entry.Max!.Value.AsInteger()),
        "ordinal" => new ListDomain(ValuesOf(entry), Ordered: true),
        "choice" => new ListDomain(ValuesOf(entry), Ordered: false),
        _ => throw new JsonException($"The parameter type '{entry.Type}' is not known to this version."),
    };

    private static IReadOnlyList<ParameterValue> ValuesOf(Entry entry) => entry.Values ?? throw new JsonException($"The parameter '{entry.Name}' has no values.");
}
