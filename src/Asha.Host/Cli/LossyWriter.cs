using System.Text;

namespace Asha.Host.Cli;

/// <summary>
/// Standard output or error on a disk that is full, or closed: what cannot be written is lost, and nobody who writes fails, least of all a run that is under way.
/// </summary>
internal sealed class LossyWriter(TextWriter target) : TextWriter
{
    /// <summary>Why something was lost; <c>null</c>: nothing was.</summary>
    public Exception? Loss { get; private set; }

    public override Encoding Encoding => target.Encoding;

    public override void Write(char value) => Try(() => target.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(() => target.Write(buffer, index, count));

    public override void Write(string? value) => Try(() => target.Write(value));

    public override void WriteLine(string? value) => Try(() => target.WriteLine(value));

    public override void Flush() => Try(target.Flush);

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Loss ??= error;
        }
    }
}
