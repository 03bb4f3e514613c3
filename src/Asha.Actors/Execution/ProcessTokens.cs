namespace Asha.Actors.Execution;

/// <summary>Reads a process's token, <c>null</c> if it carries none.</summary>
/// <returns>Whether there was anything to read; if not, it may carry one.</returns>
internal delegate bool TokenReader(int pid, out string? token);

/// <summary>
/// The token of each process of this machine, remembered from one look to the next: every job's end looks for what the job has left, and to read hundreds of environments anew
/// costs more than all else that it does. A process is known again by its number and the inode of its folder in /proc: what is given the number later has another.
/// </summary>
/// <remarks>
/// Until it becomes its program, a process has the environment of the one that started it; so what was read in the first second after it was first seen is not taken for final,
/// nor is a process that could not be read: a program with its owner's rights may become the user's later. A program can also become another, with another environment:
/// a remembered token is read once more before it is told.
/// </remarks>
/// <param name="time">By which a process is young.</param>
/// <param name="list">Number and inode of each process.</param>
/// <param name="read">Reads a token.</param>
internal sealed class ProcessTokens(TimeProvider time, Func<IEnumerable<(int Pid, ulong Inode)>> list, TokenReader read)
{
    private static readonly TimeSpan _young = TimeSpan.FromSeconds(1);

    private readonly Lock _turn = new();
    private Dictionary<int, Known> _known = [], _next = [];

    /// <summary>Those of this machine.</summary>
    public ProcessTokens() : this(TimeProvider.System, ProcessTable.Processes, ProcessTable.TryRead)
    {
    }

    /// <summary>The processes that carry such a token now, with it. Asha itself is not among them, though it may be a trial of another Asha.</summary>
    /// <exception cref="IOException">The processes cannot be listed.</exception>
    public List<(int Pid, string Token)> Carriers(Func<string, bool> matches)
    {
        lock (_turn)
        {
            var found = new List<(int, string)>();
            _next.Clear();
            foreach (var (pid, inode) in list())
            {
                if (pid == Environment.ProcessId)
                    continue;
                var isNew = !Knows(pid, inode, out var process);
                if (isNew || !process.IsFinal)
                    process = Read(pid, inode, isNew ? time.GetTimestamp() : process.Since);
                _next[pid] = process;
                if (process.Token is { } token && matches(token) && (!process.IsFinal || (read(pid, out var now) && now == token)))
                    found.Add((pid, token));
            }
            (_known, _next) = (_next, _known);
            return found;
        }
    }

    /// <summary>0 and 1 are what the kernel says where it has no inode to tell.</summary>
    private bool Knows(int pid, ulong inode, out Known process) => _known.TryGetValue(pid, out process) && process.Inode == inode && inode > 1;

    private Known Read(int pid, ulong inode, long since)
    {
        var wasRead = read(pid, out var token);
        return new(inode, since, token, wasRead && time.GetElapsedTime(since) >= _young);
    }

    /// <param name="Inode">Of its folder in /proc.</param>
    /// <param name="Since">When it was first seen, a timestamp of the clock.</param>
    /// <param name="Token">What it carried when it was read last.</param>
    /// <param name="IsFinal">It need not be read again.</param>
    private readonly record struct Known(ulong Inode, long Since, string? Token, bool IsFinal);
}
