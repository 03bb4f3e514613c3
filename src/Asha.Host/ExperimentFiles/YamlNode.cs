namespace Asha.Host.ExperimentFiles;

/// <summary>Where a node was written; line and column are 0 for an override.</summary>
internal readonly record struct Place(string Source, int Line, int Column);

/// <summary>A piece of a YAML document that knows where it stands. Values are typed only when they are read.</summary>
internal abstract record YamlNode(Place Place);

/// <summary>A single value as it was written. <paramref name="Plain"/>: without quotes, so that it may be more than text.</summary>
internal sealed record ScalarNode(Place Place, string Text, bool Plain) : YamlNode(Place)
{
    public bool IsNull => Plain && CoreSchema.KindOf(Text) == ScalarKind.Null;
}

internal sealed record ListNode(Place Place, List<YamlNode> Elements) : YamlNode(Place);

/// <summary>Keys and values in the order of the file; a key may still occur twice.</summary>
internal sealed record MapNode(Place Place, List<MapEntry> Entries) : YamlNode(Place);

internal readonly record struct MapEntry(ScalarNode Key, YamlNode Value);

/// <summary>Something that was refused, and said so, when the tree was built: whoever reads it keeps silent.</summary>
internal sealed record RefusedNode(Place Place) : YamlNode(Place);
