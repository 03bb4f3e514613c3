using System.Text;
using Asha.Host.Cli;

namespace Asha.Host.View;

/// <summary>Keeps what anything in this process writes to standard output and error while the view has the terminal, and hands it on afterwards.</summary>
internal sealed class HeldConsole
{
    /// <summary>Characters; more than any log that a person would read.</summary>
    private const int Most = 256 * 1024;

    private readonly Lock _lock = new();
    private readonly List<(TextWriter Target, string Text)> _held = [];
    private readonly TextWriter _output = Console.Out, _error = Console.Error;
    private int _length, _lost;

    public HeldConsole()
    {
        Console.SetOut(new Writer(this, _output));
        Console.SetError(new Writer(this, _error));
    }

    /// <summary>The last line that was written, for the view to show.</summary>
    public string? LastLine { get; private set; }

    /// <summary>The console is itself again, and everything that was kept is on it.</summary>
    public void Release()
    {
        Console.SetOut(_output);
        Console.SetError(_error);
        lock (_lock)
        {
            foreach (var (target, text) in _held)
                target.Write(Output.Clean(text));
            if (_lost > 0)
                _error.WriteLine($"asha: {_lost} characters more were written meanwhile, and are lost");
            _held.Clear();
            (_length, _lost) = (0, 0);
        }
    }

    private void Hold(TextWriter target, string text)
    {
        lock (_lock)
        {
            if (_length + text.Length > Most)
            {
                _lost += text.Length;
                return;
            }
            _held.Add((target, text));
            _length += text.Length;
            if (text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [.., var last])
                LastLine = last;
        }
    }

    private sealed class Writer(HeldConsole console, TextWriter target) : TextWriter
    {
        public override Encoding Encoding => target.Encoding;

        public override void Write(char value) => console.Hold(target, value.ToString());

        public override void Write(char[] buffer, int index, int count) => console.Hold(target, new string(buffer, index, count));

        public override void Write(string? value) => console.Hold(target, value ?? "");

        public override void WriteLine(string? value) => console.Hold(target, value + "\n");
    }
}
