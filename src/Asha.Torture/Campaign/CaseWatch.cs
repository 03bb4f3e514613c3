using System.Diagnostics;
using Asha.Torture.World;

namespace Asha.Torture.Campaign;

/// <summary>
/// Real time, seen from outside the worlds: a turn of an actor that never ends stops its world's clock, and with it everything that could tell of it. Whoever is at a case for too long is told of, and not waited for.
/// </summary>
/// <param name="longest">So long a case may take.</param>
public sealed class CaseWatch(TimeSpan longest)
{
    /// <summary>Some thousand times what a case takes; a machine with much else to do is no reason.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan _glance = TimeSpan.FromMilliseconds(100);

    private readonly HashSet<Watched> _under = [];
    private readonly Lock _lock = new();

    /// <summary>The time that passed, but for that in which this process did not run: frozen by somebody, it is late by no fault of a case.</summary>
    private TimeSpan _passed;

    private volatile TortureCase? _hung;

    /// <summary>The first case that took too long; <c>null</c>: none has.</summary>
    public TortureCase? Hung => _hung;

    /// <summary>Runs a case, and waits for it so long at most; <c>null</c>: it has not come to its end.</summary>
    public static TortureResult? Run(TortureCase one)
    {
        TortureResult? result = null;
        var thread = new Thread(() => result = TortureRun.Of(one)) { IsBackground = true };
        thread.Start();
        return thread.Join(Longest) ? result : null;
    }

    /// <summary>From now on, and until it is disposed of.</summary>
    public IDisposable Over(TortureCase one)
    {
        lock (_lock)
        {
            var watched = new Watched(this, one, _passed);
            _under.Add(watched);
            return watched;
        }
    }

    /// <summary>Until all of them have ended. A case that takes too long may keep its thread: then the others are waited for, each until its own case is done or takes too long as well.</summary>
    public void Wait(IReadOnlyList<Thread> threads)
    {
        var looked = Stopwatch.GetTimestamp();
        while (threads.FirstOrDefault(thread => thread.IsAlive) is { } busy)
        {
            busy.Join(_glance);
            var now = Stopwatch.GetTimestamp();
            var since = Stopwatch.GetElapsedTime(looked, now);
            looked = now;
            lock (_lock)
            {
                _passed += since < 10 * _glance ? since : _glance;
                _hung ??= _under.Where(IsLate).MinBy(one => one.Case.Seed)?.Case;
                if (_hung is not null && _under.Count > 0 && _under.All(IsLate))
                    return;
            }
        }
    }

    private bool IsLate(Watched one) => _passed - one.Since > longest;

    private sealed class Watched(CaseWatch watch, TortureCase one, TimeSpan since) : IDisposable
    {
        public TortureCase Case => one;

        public TimeSpan Since => since;

        public void Dispose()
        {
            lock (watch._lock)
                watch._under.Remove(this);
        }
    }
}
