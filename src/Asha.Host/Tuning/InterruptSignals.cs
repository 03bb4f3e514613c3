using System.Runtime.InteropServices;

namespace Asha.Host.Tuning;

/// <summary>Ctrl-C, SIGTERM and a closed terminal end a run with what it found; a second one leaves at once, and trials that watch their standard input end by themselves.</summary>
internal sealed class InterruptSignals : IDisposable
{
    private readonly CancellationTokenSource _interrupt;
    private readonly TextWriter _messages;
    private readonly PosixSignalRegistration[] _registrations;

    public InterruptSignals(CancellationTokenSource interrupt, TextWriter messages)
    {
        (_interrupt, _messages) = (interrupt, messages);
        _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, Handle))];
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        if (_interrupt.IsCancellationRequested)
            return; // The default: the process ends.
        context.Cancel = true;
        // First the deed: a pipe that nobody reads may keep the word waiting.
        _interrupt.Cancel();
        _messages.WriteLine("stopping: running trials are being ended; once more to leave at once (what a trial then leaves behind, the next asha command on this run ends)");
    }
}
