using Asha.Host.ExperimentFiles;

namespace Asha.Host.Scenarios;

/// <summary>A key that is swept.</summary>
/// <param name="Path">As <c>--set</c> knows it: <c>world.stragglers.sigma</c>.</param>
/// <param name="Place">Where it is asked for.</param>
/// <param name="Values">What it is set to, in this order; at least one, no two alike.</param>
internal sealed record SweepAxis(string Path, Place Place, IReadOnlyList<YamlNode> Values)
{
    /// <summary>The values as tables show them.</summary>
    public IReadOnlyList<string> Texts { get; } = [.. Values.Select(FlowText.Of)];

    /// <summary>Of each key the shortest end of its path that no other one has.</summary>
    public static IReadOnlyList<string> ShortNames(IReadOnlyList<SweepAxis> axes) => [.. axes.Select(axis => Ends(axis.Path).First(end => axes.All(other => other == axis || !Ends(other.Path).Contains(end))))];

    /// <summary>All ends of a path at its dots, the shortest first.</summary>
    private static IEnumerable<string> Ends(string path)
    {
        var steps = path.Split('.');
        return Enumerable.Range(1, steps.Length).Select(count => string.Join('.', steps.TakeLast(count)));
    }
}
