using System.Text;

namespace Asha.Host.View;

/// <summary>
/// The terminal while the view has it: its other screen, so that what was there before comes back, no cursor, and no line that wraps. A frame is one write, of the rows that changed.
/// </summary>
/// <param name="output">The terminal.</param>
/// <param name="tty">Its driver.</param>
/// <param name="colours">Whether there may be any.</param>
internal sealed class Screen(Stream output, Tty tty, bool colours)
{
    // DEC private modes, as xterm documents them: 1049 the other screen, 25 the cursor, 7 wrapping, 2026 nothing is shown before the end of the frame. What a terminal does not know, it ignores.
    private const string EnterAll = "\e[?1049h\e[?25l\e[?7l\e[0m\e[2J";
    private const string LeaveAll = "\e[0m\e[H\e[J\e[?7h\e[?25h\e[?1049l";
    private const string FrameStart = "\e[?2026h", FrameEnd = "\e[?2026l";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private string[] _shown = [];
    private Look? _look;
    private bool _entered, _away, _over;

    /// <summary>Shows the rows; takes the terminal first, where that is not done yet.</summary>
    public void Paint(IReadOnlyList<Line> rows, Look look)
    {
        var next = rows.Select(row => row.Encode(colours)).ToArray();
        lock (_lock)
        {
            if (_over || _away)
                return;
            var text = new StringBuilder();
            if (!_entered)
                tty.HideTyping();
            if (!_entered || look != _look)
                text.Append(_entered ? "\e[0m\e[2J" : EnterAll);
            AppendChanges(text, next, rows, look, all: !_entered || look != _look);
            (_shown, _look, _entered) = (next, look, true);
            if (text.Length > 0)
                Write($"{FrameStart}{text}{FrameEnd}");
        }
    }

    /// <summary>Gives the terminal back, as it was. Where a frame is stuck in a terminal that takes nothing, that is not waited for.</summary>
    /// <param name="forGood">No frame comes after this.</param>
    public void Leave(bool forGood)
    {
        var free = _lock.TryEnter(Patience);
        try
        {
            _over |= forGood;
            _away = true;
            if (!_entered || !tty.IsForeground)
                return; // The terminal is not ours: whoever has it would stop us for changing it.
            _entered = false;
            tty.ShowTyping();
            Write(LeaveAll);
        }
        finally
        {
            if (free)
                _lock.Exit();
        }
    }

    /// <summary>The terminal may be taken again, with the next frame.</summary>
    public void Return()
    {
        lock (_lock)
            (_away, _entered) = (false, false);
    }

    private void AppendChanges(StringBuilder text, string[] next, IReadOnlyList<Line> rows, Look look, bool all)
    {
        for (var row = 0; row < next.Length; row++)
        {
            if (all ? next[row].Length == 0 : row < _shown.Length && _shown[row] == next[row])
                continue;
            text.Append($"\e[{row + 1};1H{next[row]}");
            if (!all && rows[row].Width < look.Width)
                text.Append("\e[K");
        }
        if (!all && _shown.Length > next.Length)
            text.Append($"\e[{next.Length + 1};1H\e[J");
    }

    private void Write(string text)
    {
        try
        {
            output.Write(Encoding.UTF8.GetBytes(text));
            output.Flush();
        }
        catch (IOException)
        {
            _over = true; // The terminal is gone; the run goes on.
        }
    }
}
