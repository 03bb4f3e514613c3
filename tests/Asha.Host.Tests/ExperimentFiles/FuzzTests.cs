using System.Text;
using Asha.Host.ExperimentFiles;
using CsCheck;

namespace Asha.Host.Tests.ExperimentFiles;

/// <summary>Whatever a file holds, it is read or its mistakes are told: nothing is thrown.</summary>
public class FuzzTests
{
    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", ":", ": ", ",", "- ", "? ", "#", "&a ", "*a ", "!!str ", "|", ">", "'", "\"", "\\", "\n", "\n  ", "\t", "%", "@", "`", "---\n",
        "...\n", "<<: ", "~", "null", "true", "-1", "0", "1e999", ".nan", "-.inf", "99999999999999999999", "0x", "0xFFFFFFFFFFFFFFFF", "1e-400", "\0", "\x7f",
        "\ud800", "\ufeff", "\u2028", "ä", "😀", "{lr}", "{{", "asha:", "..", "/", "when: {optimizer: sgd}", "type: ", "values: []", "\\x00", "\\ud800",
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
}
