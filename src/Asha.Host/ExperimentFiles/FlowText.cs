namespace Asha.Host.ExperimentFiles;

/// <summary>A value on one line, as one would write it in brackets and braces.</summary>
internal static class FlowText
{
    public static string Of(YamlNode node) => node switch
    {
        ScalarNode scalar => scalar.Text,
        ListNode list => $"[{string.Join(", ", list.Elements.Select(Of))}]",
        MapNode map => $"{{{string.Join(", ", map.Entries.Select(entry => $"{entry.Key.Text}: {Of(entry.Value)}"))}}}",
        _ => "",
    };
}
