using System.Runtime.InteropServices;
using Asha.Core.Experiments;

namespace Asha.Host.View;

/// <summary>
/// The live view of one run: a thread paints four times a second, and at once where the terminal changed its size; events only change the record. However the process ends, short of kill -9, the
/// terminal is given back first.
/// </summary>
/// <param name="record">The run; read under its lock.</param>
/// <param name="target">The terminal.</param>
/// <param name="folder">The run's folder, as the user may type it.</param>
/// <param name="clock">Tells the time since the first event.</param>
internal sealed class LiveView(RunRecord record, ViewTarget target, string folder, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan EstimatesEvery = TimeSpan.FromSeconds(1);

    private readonly Tty _tty = new(target.Descriptor);
    private readonly News _news = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly List<IDisposable> _signals = [];
    private Screen? _screen;
    private HeldConsole? _console;
    private long _started;
    private TimeSpan? _rest;
    private TimeSpan _restAt = -EstimatesEvery;
    private volatile bool _suspended;
    private int _closed;

    /// <summary>Takes the next event: called under the record's lock, once the record has it.</summary>
    public void Told(ExperimentEvent happened)
    {
        if (happened is ExperimentStarted)
            _started = clock.GetTimestamp();
        _news.Advance(record, happened);
    }

    /// <summary>Takes the terminal, with the first frame; from now on, nothing else reaches it.</summary>
    public void Open()
    {
        _screen = new Screen(target.Descriptor == 1 ? Console.OpenStandardOutput() : Console.OpenStandardError(), _tty, target.HasColours);
        _console = new HeldConsole();
        AppDomain.CurrentDomain.UnhandledException += CloseAtEnd;
        AppDomain.CurrentDomain.ProcessExit += CloseAtEnd;
        if (OperatingSystem.IsLinux()) // As everywhere where there is a view.
        {
            Listen(PosixSignal.SIGWINCH, _ => _wake.Set());
            Listen(PosixSignal.SIGQUIT, _ => Close());
            Listen(PosixSignal.SIGTSTP, Suspend);
            Listen(PosixSignal.SIGCONT, Resume);
        }
        new Thread(Run) { IsBackground = true, Name = "live view" }.Start();
    }

    /// <summary>Gives the terminal back, and lets go what was kept from it. Once is enough, and more does no harm.</summary>
    public void Close()
    {
        if (_screen is null || Interlocked.Exchange(ref _closed, 1) == 1)
            return;
        _screen.Leave(forGood: true);
        _console!.Release();
        _wake.Set();
    }

    public void Dispose()
    {
        Close();
        AppDomain.CurrentDomain.UnhandledException -= CloseAtEnd;
        AppDomain.CurrentDomain.ProcessExit -= CloseAtEnd;
        foreach (var signal in _signals)
            signal.Dispose();
    }

    /// <summary>A mistake in a picture must not cost a run: it is told, and the run goes on without a view.</summary>
    private void Run()
    {
        try
        {
            for (; _closed == 0; _wake.WaitOne(Pause))
                Paint();
        }
        catch (Exception error)
        {
            Close();
            Console.Error.WriteLine($"asha: the live view failed, and the run goes on without it: {error.Message}");
        }
    }

    private void Paint()
    {
        if (_suspended || !_tty.IsForeground)
            return;
        var (width, height) = _tty.Size;
        var look = new Look(width, height, target.IsUnicode);
        IReadOnlyList<Line> rows;
        lock (record)
        {
            if (record.State.Spec is null)
                return;
            rows = Frame.Draw(MomentNow(), look);
        }
        _screen!.Paint(rows, look);
    }

    private Moment MomentNow()
    {
        var passed = clock.GetElapsedTime(_started) + record.State.Engine.Time;
        var now = passed > record.State.Time && record.State.Ended is null ? passed : record.State.Time;
        if (_rest is null || now - _restAt >= EstimatesEvery)
            (_rest, _restAt) = (RestEstimate.Of(record.State, _news.Durations, now), now);
        // Counted down between two estimates, so that it does not stand still.
        return new Moment(record, _news, now, _rest - (now - _restAt), folder, _console!.LastLine);
    }

    /// <summary>Ctrl-Z: the terminal is given back before the process stops.</summary>
    private void Suspend(PosixSignalContext context)
    {
        context.Cancel = true;
        _suspended = true;
        _screen!.Leave(forGood: false);
        Tty.StopProcess();
    }

    private void Resume(PosixSignalContext context)
    {
        _screen!.Return(); // Taken anew with the next frame: others may have written on it.
        _suspended = false;
        _wake.Set();
    }

    private void CloseAtEnd(object? sender, EventArgs end) => Close();

    private void Listen(PosixSignal signal, Action<PosixSignalContext> act) => _signals.Add(PosixSignalRegistration.Create(signal, act));
}
