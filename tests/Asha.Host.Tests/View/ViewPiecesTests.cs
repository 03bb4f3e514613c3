using System.Text;
using Asha.Host.View;

namespace Asha.Host.Tests.View;

/// <summary>The pieces below the frame: what is written to a terminal, and when there is a view at all.</summary>
public class ViewPiecesTests
{
    [Fact]
    public void A_frame_writes_what_changed_and_nothing_else()
    {
        using var terminal = new MemoryStream();
        var screen = new Screen(terminal, new Tty(-1), colours: true);
        var look = new Look(10, 3);
        Assert.Equal("\e[?2026h\e[?1049h\e[?25l\e[?7l\e[0m\e[2J\e[1;1Hone\e[2;1Htwo\e[?2026l", Painted("one", "two"));
        Assert.Equal("", Painted("one", "two"));
        Assert.Equal("\e[?2026h\e[2;1Hzwei\e[K\e[?2026l", Painted("one", "zwei"));
        Assert.Equal("\e[?2026h\e[2;1H0123456789\e[?2026l", Painted("one", "0123456789")); // A full row erases by itself; behind it, a terminal would erase its last sign.
        Assert.Equal("\e[?2026h\e[2;1H\e[J\e[?2026l", Painted("one"));
        look = new Look(12, 3);
        Assert.Equal("\e[?2026h\e[0m\e[2J\e[1;1Hone\e[?2026l", Painted("one"));
        screen.Leave(forGood: true);
        Assert.Equal("\e[0m\e[H\e[J\e[?7h\e[?25h\e[?1049l", Written());
        Assert.Equal("", Painted("two"));
        screen.Leave(forGood: true);
        Assert.Equal("", Written());

        string Painted(params string[] rows)
        {
            screen.Paint([.. rows.Select(row => Line.Empty.Add(row))], look);
            return Written();
        }

        string Written()
        {
            var text = Encoding.UTF8.GetString(terminal.ToArray());
            terminal.SetLength(0);
            return text;
        }
    }

    [Theory]
    [InlineData("TERM=xterm-256color LANG=en_US.UTF-8", true, true, true)]
    [InlineData("TERM=tmux", true, true, true)]
    [InlineData("TERM=xterm LC_ALL=C LANG=en_US.UTF-8", true, true, false)]
    [InlineData("TERM=linux LANG=de_DE.utf8 NO_COLOR=1", true, false, true)]
    [InlineData("TERM=xterm NO_COLOR=", true, true, true)]
    [InlineData("TERM=dumb", false, false, false)]
    [InlineData("TERM=", false, false, false)]
    [InlineData("", false, false, false)]
    public void The_environment_says_what_a_terminal_can(string environment, bool live, bool colours, bool unicode)
    {
        var variables = environment.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        var target = ViewTarget.Of(1, name => variables.GetValueOrDefault(name));
        Assert.Equal(live ? new ViewTarget(1, colours, unicode) : null, target);
    }

    [Theory]
    [InlineData(7, "0:07")]
    [InlineData(2059, "34m")]
    [InlineData(3723, "1h02")]
    [InlineData(171_000, "47h")]
    [InlineData(1_040_000, "12d")]
    public void Times_in_four_signs(int seconds, string text) => Assert.Equal(text, Words.Short(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void What_is_written_meanwhile_is_kept_in_order_and_cleaned()
    {
        var (output, error, all) = (Console.Out, Console.Error, new StringWriter());
        try
        {
            Console.SetOut(all);
            Console.SetError(all);
            var held = new HeldConsole();
            Console.WriteLine("one");
            Console.Error.Write("two\e[2J ");
            Console.Error.WriteLine(2);
            Console.Out.Write(['t', 'h', 'r', 'e', 'e', '\n'], 0, 6);
            Assert.Equal("", all.ToString());
            Assert.Equal("three", held.LastLine);
            held.Release();
            Assert.Equal("one\ntwo�[2J 2\nthree\n", all.ToString());
            Console.WriteLine("four");
            Assert.EndsWith("four\n", all.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
        }
    }

    [Theory]
    [InlineData(0, "0:00", "a few seconds")]
    [InlineData(42, "0:42", "about 50 s")]
    [InlineData(59, "0:59", "about 1 min")]
    [InlineData(725, "12:05", "about 13 min")]
    [InlineData(3599, "59:59", "about 1 h 0 min")]
    [InlineData(3723, "1:02:03", "about 1 h 0 min")]
    [InlineData(7000, "1:56:40", "about 2 h 0 min")]
    [InlineData(93784, "1d 02:03", "about 1 d 2 h")]
    public void Times_as_people_read_them(int seconds, string clock, string about)
        => Assert.Equal((clock, about), (Words.Clock(TimeSpan.FromSeconds(seconds)), Words.About(TimeSpan.FromSeconds(seconds))));
}
