namespace Asha.Host.Comparing;

/// <summary>What a report says of the runs that it compares, beside their figures.</summary>
internal interface IComparisonWords
{
    /// <summary>What was run, in a line.</summary>
    string World(Comparison comparison);

    /// <summary>What makes the runs comparable, and where they come from: a title, and paragraphs.</summary>
    (string Title, IReadOnlyList<string> Paragraphs) Notes(Comparison comparison);
}
