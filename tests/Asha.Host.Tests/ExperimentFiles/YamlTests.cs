namespace Asha.Host.Tests.ExperimentFiles;

/// <summary>What YAML allows and an experiment file does not, and what is no YAML at all.</summary>
public class YamlTests
{
    [Theory]
    [InlineData("", "1:1: has no value; must be a map such as name: digits")]
    [InlineData("# nothing\n", "1:1: has no value; must be a map such as name: digits")]
    [InlineData("- a", "1:1: must be a map such as name: digits, but is a list")]
    [InlineData("a: [1\nb: 2", "1:4: is not YAML: the bracket that opens here is not closed")]
    [InlineData("a:\n  b: {c: [1, 2]\nd: 3\n", "2:6: is not YAML: the bracket that opens here is not closed")]
    [InlineData("a: \"x", "1:4: is not YAML: while scanning a quoted scalar, found unexpected end of stream")]
    [InlineData("a: b: c", "1:5: is not YAML: while scanning a plain scalar value, found invalid mapping")]
    [InlineData("a: \u0001", "1:4: holds the control character U+0001")]
    [InlineData("[[[[[[[[[[[[[[[[[", "1:17: is nested more than 16 levels deep")]
    public void What_cannot_be_gone_on_with_is_the_only_problem(string text, string expected)
        => Assert.Equal([expected], Files.Problems(text));

    [Fact]
    public void Half_a_character_is_found()
        => Assert.Equal(["2:5: holds half of a character; is it saved as UTF-8?"], Files.Problems("a: 1\nbc: \ud800"));

    [Theory]
    [InlineData("slots: &a 2", "9:8: anchors (&) are not supported; remove it")]
    [InlineData("slots: *a", "9:8: aliases (*) are not supported; write the value out")]
    [InlineData("slots: !!int 2", "9:8: tags (!) are not supported; remove it, and write texts in quotes")]
    [InlineData("<<: {slots: 2}", "9:1: merge keys (<<) are not supported; write the keys out")]
    [InlineData("? [slots]\n: 2", "9:3: a key must be a single value")]
    [InlineData("---\nslots: 2", "9:1: a second document begins here; one file holds one")]
    public void What_is_refused_does_not_hide_other_mistakes(string line, string expected)
    {
        var text = $"{Files.Small}\n{line}";

        Assert.Equal([expected], Files.Problems(text));
        Assert.Equal(["1:7: name: must have at most 64 characters, but has 65", expected],
            Files.Problems(text.Replace("small", new string('x', 65))));
    }

    [Fact]
    public void A_file_of_more_than_a_mebibyte_is_refused()
        => Assert.Equal(["1:1: is larger than 1 MiB"], Files.Problems(Files.Small + "\n#" + new string('ü', 1 << 19)));

    [Theory]
    [InlineData("[")]
    [InlineData("{")]
    [InlineData("- ")]
    [InlineData("? ")]
    [InlineData("a: ")]
    [InlineData("\"a\": [")]
    [InlineData("&a ")]
    [InlineData("*a ")]
    [InlineData("!a ")]
    [InlineData("{a: ")]
    [InlineData("[a, ")]
    [InlineData("a\n")]
    [InlineData("\t")]
    [InlineData("'")]
    [InlineData("---\n")]
    public async Task A_hostile_file_is_refused_in_no_time(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, (1 << 20) / piece.Length));
        var reading = await Task.Run(() => Files.Read(text)).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.NotEmpty(reading.Problems);
    }

    [Fact]
    public async Task Many_unknown_keys_are_reported_in_no_time()
    {
        var text = Files.Small + "\n" + string.Concat(Enumerable.Range(0, 60_000).Select(number => $"key-{number}: 1\n"));
        var reading = await Task.Run(() => Files.Read(text)).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(60_000, reading.Problems.Count);
    }
}
