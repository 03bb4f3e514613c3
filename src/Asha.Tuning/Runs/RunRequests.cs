using Asha.Actors.Execution;
using Asha.Core.Experiments;

namespace Asha.Tuning.Runs;

/// <summary>
/// What another terminal asks of a run: <c>asha pause</c> and <c>asha cancel</c> leave a file in the run's folder, which is private to its user, and the engine looks for it. A file and not a signal: whoever has a process's number by now is never
/// told to end; and not a socket, which a shared disk does not carry.
/// </summary>
internal sealed class RunRequests : IDisposable
{
    private const string FileName = "run.request";

    private static readonly TimeSpan _every = TimeSpan.FromSeconds(.2);

    private readonly string _path;
    private readonly Action<string> _asked;
    private readonly Timer _timer;

    /// <summary>Looks until it is disposed.</summary>
    /// <param name="folder">The run's.</param>
    /// <param name="asked">Told the outcome that was asked for.</param>
    public RunRequests(string folder, Action<string> asked)
    {
        (_path, _asked) = (PathIn(folder), asked);
        _timer = new Timer(_ => Look(), null, _every, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        using var ended = new ManualResetEvent(false);
        if (_timer.Dispose(ended))
            ended.WaitOne();
    }

    /// <summary>Asks the engine that holds the folder to end the run.</summary>
    /// <param name="folder">The run's.</param>
    /// <param name="outcome">How: <see cref="FinalOutcome.Paused"/> or <see cref="FinalOutcome.Cancelled"/>.</param>
    public static void Ask(string folder, string outcome)
    {
        var temporary = $"{PathIn(folder)}.{Environment.ProcessId}";
        File.WriteAllText(temporary, outcome);
        File.Move(temporary, PathIn(folder), overwrite: true);
    }

    /// <summary>What was asked of an engine that is no more is not for the next one.</summary>
    public static void Forget(string folder) => File.Delete(PathIn(folder));

    private static string PathIn(string folder) => Path.Combine(folder, FileName);

    private void Look()
    {
        try
        {
            if (File.Exists(_path))
            {
                var outcome = OwnPath.ReadText(_path);
                File.Delete(_path);
                if (outcome is FinalOutcome.Paused or FinalOutcome.Cancelled)
                    _asked(outcome);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The disk is full or slow; it is looked again.
        }
        try
        {
            _timer.Change(_every, Timeout.InfiniteTimeSpan);
        }
        catch (ObjectDisposedException)
        {
            // The run is over.
        }
    }
}
