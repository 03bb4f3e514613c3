using System.Text;

namespace Asha.Host.ExperimentFiles;

/// <summary>Characters that neither a file nor a text in it may hold: they are invisible, and cut texts short in other programs.</summary>
internal static class YamlText
{
    /// <summary>The first character of a file that does not belong there, escapes aside.</summary>
    public static (int Line, int Column, string What)? FirstForbidden(string text)
    {
        var (line, lineStart) = (1, 0);
        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] == '\n')
                (line, lineStart) = (line + 1, index + 1);
            else if (char.IsSurrogate(text[index]) && Rune.TryGetRuneAt(text, index, out _))
                index++;
            else if (char.IsSurrogate(text[index]))
                return (line, index - lineStart + 1, "half of a character; is it saved as UTF-8?");
            else if (char.IsControl(text[index]) && text[index] is not ('\t' or '\r' or '\x85'))
                return (line, index - lineStart + 1, $"the control character U+{(int)text[index]:X4}");
        }
        return null;
    }

    /// <summary>Whether a program can be handed this text.</summary>
    public static bool CanBePassed(string text) => !text.Contains('\0') && IsWellFormed(text);

    /// <summary>Whether it can stand in a table: one line, nothing invisible.</summary>
    public static bool IsOneLine(string text) => IsWellFormed(text) && !text.Any(char.IsControl) && text.Trim().Length == text.Length && text.Length > 0;

    /// <summary>For messages: on one line, cut where it is long.</summary>
    public static string Shown(string text)
    {
        var start = text.Length > 60 ? string.Concat(text.AsSpan(0, 57), "...") : text;
        return string.Concat(start.Select(letter => char.IsControl(letter) || char.IsSurrogate(letter) ? '?' : letter));
    }

    private static bool IsWellFormed(string text)
    {
        for (var index = 0; index < text.Length; index++)
        {
            if (!char.IsSurrogate(text[index]))
                continue;
            if (!Rune.TryGetRuneAt(text, index, out _))
                return false;
            index++;
        }
        return true;
    }
}
