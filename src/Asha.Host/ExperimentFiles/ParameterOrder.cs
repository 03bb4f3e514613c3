namespace Asha.Host.ExperimentFiles;

/// <summary>Puts parameters after those that their conditions name; otherwise the order of the file stays.</summary>
internal sealed class ParameterOrder
{
    private readonly IReadOnlyDictionary<string, ParameterDraft> _all;
    private readonly List<ParameterDraft> _ordered = [];
    private readonly HashSet<string> _done = [];
    private readonly List<string> _underWay = [];

    private ParameterOrder(IReadOnlyDictionary<string, ParameterDraft> all) => _all = all;

    /// <summary>The order; a circle is reported once, and then broken somewhere.</summary>
    public static IReadOnlyList<ParameterDraft> Of(IReadOnlyList<ParameterDraft> drafts, IReadOnlyDictionary<string, ParameterDraft> all)
    {
        var order = new ParameterOrder(all);
        foreach (var draft in drafts)
            order.Visit(draft);
        return order._ordered;
    }

    private void Visit(ParameterDraft draft)
    {
        if (_done.Contains(draft.Name))
            return;
        _underWay.Add(draft.Name);
        foreach (var (key, field) in draft.When ?? [])
        {
            if (_underWay.IndexOf(key.Text) is >= 0 and var start)
            {
                var circle = _underWay.Skip(start).Append(key.Text).Select(YamlText.Shown);
                field.WrongKey(key, $"'{YamlText.Shown(key.Text)}' depends on itself: {string.Join(" needs ", circle)}");
                draft.Conditions = null;
            }
            else if (_all.TryGetValue(key.Text, out var parent))
                Visit(parent);
        }
        _underWay.RemoveAt(_underWay.Count - 1);
        _done.Add(draft.Name);
        _ordered.Add(draft);
    }
}
