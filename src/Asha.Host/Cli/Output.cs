using System.Globalization;
using System.Text;
using Spectre.Console;

namespace Asha.Host.Cli;

/// <summary>How things look in a terminal and in a pipe.</summary>
internal static class Output
{
    /// <summary>A console on a writer; in a pipe without colours, and wide enough that no row breaks.</summary>
    public static IAnsiConsole To(TextWriter writer)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        if (!console.Profile.Out.IsTerminal)
            console.Profile.Width = 200;
        return console;
    }

    /// <summary>An empty table; cells are plain text, never markup.</summary>
    public static Table Table(params string[] columns)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in columns)
            table.AddColumn(new TableColumn(new Text(column)));
        return table;
    }

    public static void Row(this Table table, params string[] cells) => table.AddRow(cells.Select(cell => new Text(Clean(cell))));

    public static void Line(this IAnsiConsole console, string line)
    {
        console.Write(new Text(Clean(line)));
        console.WriteLine();
    }

    /// <summary>Up to six digits, as people read numbers.</summary>
    public static string Number(double value) => double.IsFinite(value) ? value.ToString("G6", CultureInfo.InvariantCulture) : "NaN";

    public static string Duration(TimeSpan span) => span.TotalMinutes < 10
        ? span.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s"
        : span.ToString(span.TotalDays < 1 ? @"h\:mm\:ss" : @"d\.hh\:mm\:ss", CultureInfo.InvariantCulture);

    /// <summary>Control characters that a trial printed never reach the terminal.</summary>
    public static string Clean(string text)
    {
        if (!text.Any(IsUnsafe))
            return text;
        var clean = new StringBuilder(text.Length);
        foreach (var character in text)
            clean.Append(IsUnsafe(character) ? '�' : character);
        return clean.ToString();
    }

    /// <summary>What moves the cursor, or turns the direction of writing, as some of Unicode's format characters do.</summary>
    private static bool IsUnsafe(char character) => character < '\x7f'
        ? character < ' ' && character is not '\n' and not '\t'
        : char.GetUnicodeCategory(character) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
