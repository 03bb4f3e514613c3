using System.Text;
using System.Text.RegularExpressions;
using Asha.Host.ExperimentFiles;
using CsCheck;

namespace Asha.Host.Tests.ExperimentFiles;

/// <summary>Whatever a file holds, it is read or its mistakes are told: nothing is thrown.</summary>
public partial class FuzzTests
{
    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", ":", ": ", ",", "- ", "? ", "#", "&a ", "*a ", "!!str ", "|", ">", "'", "\"", "\\", "\n", "\n  ", "\t", "%", "@", "`", "---\n",
        "...\n", "<<: ", "~", "null", "true", "-1", "0", "1e999", ".nan", "-.inf", "99999999999999999999", "0x", "0xFFFFFFFFFFFFFFFF", "1e-400", "\0", "\x7f",
        "\ud800", "\ufeff", "\u2028", "ä", "😀", "{lr}", "{{", "asha:", "..", "/", "when: {optimizer: sgd}", "type: ", "values: []", "\\x00", "\\ud800",
    ];

    private static readonly string[] Values =
    [
        "0", "1", "2", "0.5", "1e-9", "-1", "300", "1e6", "true", "min", "max", "sha", "adam", "sgd", "uniform", "log-uniform", "int", "log-int", "ordinal", "90s",
        "x", "\"\"", "'a b'", "[]", "{}", "[1, 2]", "hidden", "optimizer", "\"{hidden}\"", "\"{asha:seed}\"",
    ];

    private static readonly Gen<Func<string, string>> Mutations = Gen.Select(Gen.Int[0, 5], Gen.Double[0, 1], Gen.Double[0, 1], Gen.OneOfConst(Pieces))
        .Select((kind, from, to, piece) => (Func<string, string>)(text => Mutated(text, kind, (int)(from * text.Length), (int)(to * text.Length), piece)));

    [Fact]
    public void A_file_with_pieces_changed_moved_and_removed_is_never_too_much() => Mutations.List[1, 6].Sample(mutations =>
    {
        var reading = Files.Read(mutations.Aggregate(Files.Full, (text, mutate) => mutate(text)));

        Assert.Equal(reading.Spec is null, reading.Problems.Count > 0);
        if (reading.Spec is { } spec)
            Assert.Empty(Files.Read(ExperimentFile.Write(spec)).Problems);
    }, iter: 10_000);

    /// <summary>Found by the fuzzing above: YamlDotNet throws ArgumentException at a tag that is no URI.</summary>
    [Theory]
    [InlineData("name: !<^> x")]
    [InlineData("name: !!^<> x")]
    public void A_tag_that_is_none_is_a_problem(string text) => Assert.NotEmpty(Files.Read(text).Problems);

    [Fact]
    public void A_file_with_values_changed_is_read_or_refused_and_what_is_read_can_be_written() => Gen.Select(Gen.Double[0, 1], Gen.OneOfConst(Values)).List[1, 2].Sample(changes =>
    {
        var reading = Files.Read(changes.Aggregate(Files.Full, (text, change) => Changed(text, change.Item1, change.Item2)));

        Assert.Equal(reading.Spec is null, reading.Problems.Count > 0);
        if (reading.Spec is { } spec)
            Specs.AssertSame(spec, Files.Read(ExperimentFile.Write(spec)).Spec!, hasValuesOfEnv: false);
    }, iter: 5000);

    [Fact]
    public void A_file_with_lines_shuffled_is_never_too_much() => Gen.Shuffle(Files.Full.Split('\n')).Sample(lines =>
        Assert.NotNull(Files.Read(string.Join('\n', lines)).Problems), iter: 2000);

    [Fact]
    public void Any_bytes_are_never_too_much() => Gen.Byte.Array[0, 200].Sample(bytes =>
        Assert.NotEmpty(Files.Read(Encoding.UTF8.GetString(bytes)).Problems), iter: 2000);

    [Fact]
    public void Any_override_is_never_too_much() => Gen.Select(
        Gen.OneOfConst("seed", "space.x", "space.hidden.min", "initial[0]", "initial", "trial.command.0", "a..b", "stop.after", "trial.env.A", "metric", "[0]"),
        Gen.OneOfConst(Pieces).Array[0, 4]).Sample((path, pieces) =>
    {
        var reading = Files.Read(Files.Full, (path, string.Concat(pieces)));

        Assert.Equal(reading.Spec is null, reading.Problems.Count > 0);
    }, iter: 2000);

    private static string Changed(string text, double place, string value)
    {
        var words = Words().Matches(text);
        var word = words[(int)(place * (words.Count - 1))];
        return text.Remove(word.Index, word.Length).Insert(word.Index, value);
    }

    private static string Mutated(string text, int kind, int from, int to, string piece)
    {
        var (low, high) = (Math.Min(from, to), Math.Max(from, to));
        var near = Math.Min(text.Length, low + 1 + high % 12);
        return kind switch
        {
            0 => text.Insert(from, piece),
            1 => text.Remove(low, near - low),
            2 => text.Remove(low, near - low).Insert(low, piece),
            3 => text.Insert(to, text[low..near]),
            4 => text[..from],
            _ => text.Remove(low, high - low).Insert(0, text[low..near]),
        };
    }

    [GeneratedRegex("[A-Za-z0-9][A-Za-z0-9.-]*")]
    private static partial Regex Words();
}
