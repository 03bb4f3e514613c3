namespace Asha.Actors.Execution;

/// <summary>
/// The token of each process of this machine, remembered from one look to the next: every job's end looks for what the job has left, and to read hundreds of environments anew
/// costs more than all else that it does. A process is known again by its number and the inode of its folder in /proc, which no other process gets.
/// </summary>
/// <remarks>
/// Until it becomes its program, a process has the environment of the one that started it; so what was read in its first second is not taken for final.
/// A program can become another with another environment later, too: whoever means to end a process reads its token once more (<see cref="ProcessTable.Kill"/>).
/// </remarks>
/// <param name="time">By which a process is young.</param>
internal sealed class ProcessTokens(TimeProvider time)
{
    private static readonly TimeSpan _young = TimeSpan.FromSeconds(1);

    private readonly Lock _turn = new();
    private Dictionary<int, Known> _known = [];

    /// <summary>The processes that carry such a token now, with it. Asha itself is not among them, though it may be a trial of another Asha.</summary>
    public List<(int Pid, string Token)> Carriers(Func<string, bool> matches)
    {
        lock (_turn)
        {
            var now = time.GetTimestamp();
            var known = new Dictionary<int, Known>(_known.Count);
            var found = new List<(int, string)>();
            foreach (var (pid, inode) in ProcessTable.Processes())
            {
                if (pid == Environment.ProcessId)
                    continue;
                var isKnown = _known.TryGetValue(pid, out var process) && process.Inode == inode && inode != 0;
                if (!isKnown || time.GetElapsedTime(process.Since, process.Read) < _young)
                    process = new(inode, isKnown ? process.Since : now, now, ProcessTable.TokenOf(pid));
                known[pid] = process;
                if (process.Token is { } token && matches(token) && (process.Read == now || ProcessTable.TokenOf(pid) == token))
                    found.Add((pid, token));
            }
            _known = known;
            return found;
        }
    }

    /// <param name="Inode">0: this machine does not say.</param>
    /// <param name="Since">When it was first seen, a timestamp of the clock.</param>
    /// <param name="Read">When its token was read.</param>
    private readonly record struct Known(ulong Inode, long Since, long Read, string? Token);
}
