using System.Text;
using Asha.Actors.Execution;

namespace Asha.Actors.Tests.Execution;

public sealed class BoundedLogTests : IDisposable
{
    private const int Limit = 4096;

    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("asha-log-").FullName, "logs", "trial.log");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(Path.GetDirectoryName(_path)!)!, recursive: true);

    [Fact]
    public void What_fits_is_kept_whole_and_readable_at_once()
    {
        using var log = Open("one");
        log.Write("abc\n\e[31mred"u8);
        Assert.Equal("=== one ===\nabc\n\e[31mred", Read());
        log.Line("note");
        Assert.EndsWith("red\nnote\n", Read());
    }

    [Fact]
    public void The_first_and_the_last_half_are_kept_and_what_is_missing_is_said()
    {
        using (var log = Open("one"))
        {
            for (var n = 0; n < 2000; n++)
                log.Write(Encoding.UTF8.GetBytes($"line {n}\n"));
        }
        var text = Read();
        Assert.True(text.Length <= Limit);
        Assert.StartsWith("=== one ===\nline 0\nline 1\n", text);
        Assert.EndsWith("line 1998\nline 1999\n", text);
        Assert.Equal(All(2000), KeptPlusLeftOut(text, "=== one, continued ===\n"));
    }

    [Fact]
    public void Opened_again_it_goes_on_and_still_holds_the_limit()
    {
        for (var attempt = 1; attempt <= 6; attempt++)
        {
            using var log = Open($"attempt {attempt}");
            for (var n = 0; n < 60; n++)
                log.Write(Encoding.UTF8.GetBytes($"{attempt}: line {n}\n"));
        }
        var text = Read();
        Assert.True(text.Length <= Limit);
        Assert.StartsWith("=== attempt 1 ===\n1: line 0\n", text);
        Assert.Contains("=== attempt 6 ===\n6: line 0\n", text);
        Assert.EndsWith("6: line 59\n", text);
        Assert.Equal(Enumerable.Range(1, 6).Sum(attempt => 18 + Enumerable.Range(0, 60).Sum(n => $"{attempt}: line {n}\n".Length)), KeptPlusLeftOut(text, ""));
    }

    [Fact]
    public void One_huge_piece_is_bounded_too()
    {
        using (var log = Open("one"))
            log.Write(new byte[1_000_000]);
        Assert.InRange(Read().Length, Limit - 600, Limit);
    }

    [Fact]
    public async Task A_live_log_shows_its_newest_lines_before_it_is_closed()
    {
        using var log = Open("one");
        log.Write(new byte[2 * Limit]);
        log.Write("newest\n"u8);
        while (!Read().EndsWith("newest\n"))
            await Task.Yield();
    }

    private static int All(int lines) => "=== one ===\n".Length + Enumerable.Range(0, lines).Sum(n => $"line {n}\n".Length);

    /// <summary>Every byte is either in the file or counted as left out.</summary>
    private static int KeptPlusLeftOut(string text, string continued)
    {
        var marker = System.Text.RegularExpressions.Regex.Match(text, "\n=== (\\d+) bytes left out ===\n" + continued);
        Assert.True(marker.Success);
        return text.Length - marker.Length + int.Parse(marker.Groups[1].Value);
    }

    private BoundedLog Open(string heading) => new(_path, heading, Limit);

    private string Read()
    {
        using var file = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return new StreamReader(file, Encoding.Latin1).ReadToEnd();
    }
}
