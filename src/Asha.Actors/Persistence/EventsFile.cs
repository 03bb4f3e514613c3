using System.IO.Hashing;
using Asha.Actors.Execution;

namespace Asha.Actors.Persistence;

/// <summary>
/// <c>events.jsonl</c> as a copy of a journal, for people and commands: it is written after the commit, so it may lag behind, and never says what the journal does not. What could not be written waits for the next time.
/// </summary>
/// <param name="path">The file; made where it is not there.</param>
internal sealed class EventsFile(string path) : IDisposable
{
    private readonly XxHash128 _hash = new();
    private readonly MemoryStream _waiting = new();
    private FileStream? _file;
    private long _length;
    private bool _isGivenUp;

    /// <summary>Why the last lines could not be written; <c>null</c>: they were.</summary>
    public string? Problem { get; private set; }

    public void Dispose() => _file?.Dispose();

    /// <summary>The beginning of the file, if it is what the mark says; <c>null</c>: it is not.</summary>
    public byte[]? Read(EventsFileMark mark)
    {
        if (!File.Exists(path) || new FileInfo(path).Length < mark.Bytes)
            return null;
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[mark.Bytes];
        file.ReadExactly(bytes);
        return Convert.ToHexStringLower(XxHash128.Hash(bytes)) == mark.Hash ? bytes : null;
    }

    /// <summary>Makes the file say what the journal does: what is missing is added, and what does not belong there, such as half a line, is cut off.</summary>
    /// <param name="journal">All of the journal's lines, in order.</param>
    public void Complete(IReadOnlyList<byte[]> journal)
    {
        try
        {
            _file ??= OwnPath.OpenOrCreate(Path.GetDirectoryName(Path.GetFullPath(path))!, path);
            var known = new byte[64 * 1024];
            var agrees = true;
            foreach (var lines in journal)
            {
                if (agrees && !Agrees(lines, ref known))
                    (agrees, _file.Position) = (false, _length);
                if (!agrees)
                    _file.Write(lines);
                Count(lines);
            }
            _file.SetLength(_length);
            _file.Position = _length;
        }
        catch (Exception error) when (IsOfTheDisk(error))
        {
            throw new IOException($"{path} cannot be written: {error.Message}", error);
        }
    }

    /// <summary>It cannot be made now, and is not waited for: nothing is written before it is opened anew. <see cref="Problem"/> stays.</summary>
    public void GiveUp(string problem)
    {
        _file?.Dispose();
        (_file, _isGivenUp, Problem) = (null, true, problem);
    }

    /// <summary>Adds lines, and what still waited before them.</summary>
    public void Append(byte[] lines)
    {
        if (_isGivenUp)
            return;
        _waiting.Write(lines);
        try
        {
            _file!.Write(_waiting.GetBuffer().AsSpan(0, (int)_waiting.Length));
            Count(_waiting.GetBuffer().AsSpan(0, (int)_waiting.Length));
            _waiting.SetLength(0);
            Problem = null;
        }
        catch (Exception error) when (IsOfTheDisk(error))
        {
            Problem = error.Message;
            Undo();
        }
    }

    /// <summary>Has the disk take all of it, and says what it is; <c>null</c>: some of it waits.</summary>
    public EventsFileMark? Mark()
    {
        if (_isGivenUp || _waiting.Length > 0)
            return null;
        try
        {
            _file!.Flush(flushToDisk: true);
        }
        catch (Exception error) when (IsOfTheDisk(error))
        {
            return null; // The next mark is as good.
        }
        return new EventsFileMark(_length, Convert.ToHexStringLower(_hash.GetCurrentHash()));
    }

    private bool Agrees(byte[] lines, ref byte[] known)
    {
        if (known.Length < lines.Length)
            known = new byte[lines.Length];
        var count = _file!.ReadAtLeast(known.AsSpan(0, lines.Length), lines.Length, throwOnEndOfStream: false);
        return count == lines.Length && known.AsSpan(0, count).SequenceEqual(lines);
    }

    private void Count(ReadOnlySpan<byte> lines)
    {
        _hash.Append(lines);
        _length += lines.Length;
    }

    /// <summary>Of a write that failed half way nothing stays.</summary>
    private void Undo()
    {
        try
        {
            _file!.SetLength(_length);
            _file.Position = _length;
        }
        catch (Exception error) when (IsOfTheDisk(error))
        {
            // The write's own failure is the one to tell of; the next write begins at the same place.
            _file!.Position = _length;
        }
    }

    /// <summary>Not an IOException alone: a file that may grow no further is an argument out of range to .NET.</summary>
    private static bool IsOfTheDisk(Exception error) => error is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException;
}
