namespace Asha.Host.ExperimentFiles;

/// <summary>A value with its path. What cannot be read as asked is reported, and answered with <c>null</c>.</summary>
internal sealed class Field(YamlNode node, string path, Reading reading)
{
    public string Path => path;

    public void Wrong(string message) => reading.Wrong(node.Place, path, message);

    /// <summary>It is the key that is the mistake, not the value.</summary>
    public void WrongKey(ScalarNode key, string message) => reading.Wrong(key.Place, path, message);

    public void Warn(string message) => reading.Warn(node.Place, path, message);

    /// <summary>A mistake with the nearest of the words that would not be one.</summary>
    public void Wrong(string message, string word, IReadOnlyCollection<string> known) => Wrong(message + reading.Hint(word, known));

    /// <summary>The same, where it is the key.</summary>
    public void WrongKey(ScalarNode key, string message, IReadOnlyCollection<string> known) => WrongKey(key, message + reading.Hint(key.Text, known));

    /// <param name="example">For those who wrote something else.</param>
    public MapReader? Map(string example)
    {
        if (node is MapNode map)
            return new MapReader(map, path, reading);
        Expected($"a map such as {example}");
        return null;
    }

    /// <param name="example">For those who wrote something else.</param>
    /// <param name="most">The greatest number of elements.</param>
    public IReadOnlyList<Field>? List(string example, int most)
    {
        if (node is not ListNode list)
        {
            Expected($"a list such as {example}");
            return null;
        }
        if (list.Elements.Count <= most)
            return [.. list.Elements.Select((element, index) => new Field(element, $"{path}[{index}]", reading))];
        Wrong($"must have at most {most} elements, but has {list.Elements.Count}");
        return null;
    }

    /// <summary>The elements of a list, or the single value as one.</summary>
    public IReadOnlyList<Field>? OneOrMore(int most) => node is ListNode ? List("[a, b]", most) : [this];

    /// <summary>A text as it was written, with quotes or without: <c>7</c> and <c>true</c> are texts where a text is asked for.</summary>
    /// <param name="longest">The greatest number of characters.</param>
    public string? Text(int longest)
    {
        if (Scalar("a text") is not { } scalar)
            return null;
        if (scalar.Text.Length > longest)
            Wrong($"must have at most {longest} characters, but has {scalar.Text.Length}");
        else if (!YamlText.CanBePassed(scalar.Text))
            Wrong("must not hold the character NUL or half a character");
        else
            return scalar.Text;
        return null;
    }

    /// <summary>What one of a few words stands for.</summary>
    /// <param name="words">The words.</param>
    /// <param name="others">Words of others, and what they are called here.</param>
    public T? Word<T>(IReadOnlyDictionary<string, T> words, IReadOnlyDictionary<string, string> others) where T : struct
        => Word([.. words.Keys], others) is { } word ? words[word] : null;

    /// <summary>One of a few words.</summary>
    /// <param name="words">The words.</param>
    /// <param name="others">Words of others, and what they are called here.</param>
    public string? Word(IReadOnlyCollection<string> words, IReadOnlyDictionary<string, string> others)
    {
        var all = string.Join(", ", words);
        if (Scalar($"one of {all}") is not { } scalar)
            return null;
        if (words.Contains(scalar.Text))
            return scalar.Text;
        var but = $"must be one of {all}, but is '{YamlText.Shown(scalar.Text)}'";
        if (others.TryGetValue(scalar.Text.ToLowerInvariant().Replace('_', '-'), out var name))
            Wrong($"{but}; in Asha this is '{name}'");
        else
            Wrong(but + (Spelling.Nearest(scalar.Text, words) is { } nearest ? $"; did you mean '{nearest}'?" : ""));
        return null;
    }

    /// <summary>The single value that stands here.</summary>
    /// <param name="what">What it must be, for the message.</param>
    public ScalarNode? Scalar(string what)
    {
        if (node is ScalarNode { IsNull: false } scalar)
            return scalar;
        Expected(what);
        return null;
    }

    /// <summary>The first element of a list that has one.</summary>
    public Field? First => node is ListNode { Elements: [var first, ..] } ? new Field(first, $"{path}[0]", reading) : null;

    public bool IsNull => node is ScalarNode { IsNull: true };

    public bool IsText(string text) => node is ScalarNode scalar && scalar.Text == text;

    public bool IsMap => node is MapNode;

    public bool IsEmptyList => node is ListNode { Elements.Count: 0 };

    /// <summary>The only key of <c>{key}</c>: what becomes of a placeholder without quotes.</summary>
    public string? LonelyKey => node is MapNode { Entries: [{ Value: ScalarNode { Text: "" } } entry] } ? entry.Key.Text : null;

    private void Expected(string what)
    {
        if (node is RefusedNode)
        {
            reading.Refused();
            return;
        }
        Wrong(node switch
        {
            ScalarNode { IsNull: true } => $"has no value; must be {what}",
            ScalarNode scalar => $"must be {what}, but is '{YamlText.Shown(scalar.Text)}'",
            MapNode => $"must be {what}, but is a map",
            _ => $"must be {what}, but is a list",
        });
    }
}
