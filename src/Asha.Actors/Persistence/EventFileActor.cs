using System.Buffers;
using Akka.Actor;
using Asha.Actors.Messages;

namespace Asha.Actors.Persistence;

/// <summary>
/// The journal of a run that nobody goes on with, such as a simulated one: it writes <c>events.jsonl</c> and nothing else. Batches that arrive while one is being written are written together, and only then are confirmed. A failed write fails the actor: nothing of
/// it has been let out. What is confirmed is with the operating system: it outlives a killed Asha, not a power cut.
/// </summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "An actor's resources end in PostStop.")]
public sealed class EventFileActor(Func<Stream> open) : UntypedActor
{
    private sealed class Flush : INoSerializationVerificationNeeded
    {
        public static readonly Flush Now = new();
    }

    private readonly ArrayBufferWriter<byte> _buffer = new(64 * 1024);
    private Stream? _file;
    private long _length;
    private long _last;
    private bool _flushing;

    /// <summary>The journal of a new run; its file must not be there yet.</summary>
    public static Props Props(string path) => Props(() => new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0));

    internal static Props Props(Func<Stream> open) => Akka.Actor.Props.Create(() => new EventFileActor(open)).WithDispatcher("asha.journal-dispatcher");

    protected override void PreStart()
    {
        _file = open();
        _length = _file.Length;
        Context.Parent.Tell(new JournalOpened(0, []));
    }

    protected override void PostStop() => _file?.Dispose();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case AppendEvents append:
                foreach (var happened in append.Events)
                    EventLines.Write(_buffer, happened);
                _last = append.Batch;
                if (!_flushing)
                    Self.Tell(Flush.Now);
                _flushing = true;
                break;
            case Flush:
                _flushing = false;
                Append(_buffer.WrittenSpan);
                _buffer.ResetWrittenCount();
                Context.Parent.Tell(new EventsWritten(_last));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>All or nothing, as long as the process lives: of a write that failed half way nothing stays, since nobody was told of it.</summary>
    private void Append(ReadOnlySpan<byte> lines)
    {
        try
        {
            _file!.Write(lines);
            _length += lines.Length;
        }
        catch
        {
            // Not an IOException alone: a file that may grow no further is an argument out of range to .NET.
            Undo();
            throw;
        }
    }

    private void Undo()
    {
        try
        {
            _file!.SetLength(_length);
        }
        catch (Exception error) when (error is IOException or ArgumentOutOfRangeException)
        {
            // The write's own failure is the one to tell of.
        }
    }
}
