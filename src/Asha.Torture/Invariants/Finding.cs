using System.Runtime.CompilerServices;

namespace Asha.Torture.Invariants;

/// <summary>What was seen, put into words only where a law is broken: <c>Judge(holds, $"…")</c> costs nothing but the question where it is kept, and laws are judged millions of times.</summary>
[InterpolatedStringHandler]
public ref struct Finding
{
    private DefaultInterpolatedStringHandler _words;

    public Finding(int literalLength, int formattedCount, bool holds, out bool isNeeded)
    {
        isNeeded = !holds;
        _words = isNeeded ? new DefaultInterpolatedStringHandler(literalLength, formattedCount) : default;
    }

    public void AppendLiteral(string words) => _words.AppendLiteral(words);

    public void AppendFormatted<T>(T value) => _words.AppendFormatted(value);

    public string InWords() => _words.ToStringAndClear();
}
