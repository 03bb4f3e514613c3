using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Asha.Host.Tuning;

/// <summary>
/// Ctrl-C, SIGTERM and a closed terminal end a run with what it found; a second one leaves at once, and trials that watch their standard input end by themselves. What comes within a moment of the first is no second wish: programs that run others pass
/// a signal on to asha and to its group, and a terminal that closes may send two.
/// </summary>
internal sealed class InterruptSignals : IDisposable
{
    private static readonly TimeSpan _moment = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _interrupt;
    private readonly Action<string> _say;
    private readonly Action _leaving;
    private readonly string _word;
    private readonly PosixSignalRegistration[] _registrations;
    private long _first;

    /// <param name="interrupt">Cancelled by the first signal.</param>
    /// <param name="say">Tells the user.</param>
    /// <param name="leaving">What must be done before the process is gone.</param>
    /// <param name="word">What the user is told.</param>
    public InterruptSignals(CancellationTokenSource interrupt, Action<string> say, Action leaving, string word = "stopping: running trials are being ended; once more to leave at once (what a trial then leaves behind, the next asha command on this run ends)")
    {
        (_interrupt, _say, _leaving, _word) = (interrupt, say, leaving, word);
        _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, Handle))];
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        var isSecond = _interrupt.IsCancellationRequested;
        if (isSecond && Stopwatch.GetElapsedTime(_first) >= _moment)
        {
            _leaving();
            return; // The default: the process ends.
        }
        context.Cancel = true;
        if (isSecond)
            return;
        _first = Stopwatch.GetTimestamp();
        // First the deed: a pipe that nobody reads may keep the word waiting.
        _interrupt.Cancel();
        _say(_word);
    }
}
