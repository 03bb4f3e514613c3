using System.Collections.Concurrent;
using Asha.Actors.Messages;
using Asha.Actors.Persistence;
using Asha.Core.Experiments;
using Microsoft.Extensions.Caching.Memory;

namespace Asha.Cluster.Api;

/// <summary>
/// The lines of a list. How far a run came that is over or paused, the registry knows; of those that ended before registries kept that, the journal is read, once until it is opened once more: its line is kept, and its record is not.
/// </summary>
/// <param name="folds">What the journals say.</param>
/// <param name="looks">How runs stand that are at work.</param>
/// <param name="readers">Who may read them.</param>
/// <param name="mostBytes">So much memory the lines that are kept may take, by an estimate: 32 MiB are about 60,000; beyond that, those go that nobody has asked for longest.</param>
internal sealed class RunLines(RunFolds folds, RunLooks looks, JournalReaders readers, long mostBytes = 32 << 20) : IDisposable
{
    /// <summary>Of a line and its place, beside the run's name.</summary>
    private const int Bytes = 450;

    /// <summary>Those that are being read just now, for all who ask meanwhile.</summary>
    private readonly ConcurrentDictionary<(string Run, int Opening), Lazy<Task<Line?>>> _reading = new();

    private readonly MemoryCache _kept = new(new MemoryCacheOptions { SizeLimit = mostBytes });

    /// <summary>The run's; <c>null</c>: it has not begun.</summary>
    /// <exception cref="ApiProblemException">Its journal cannot be read.</exception>
    public async Task<RunFigures?> OfAsync(ListedExperiment listed)
    {
        if (listed.Figures is { } figures)
            return figures;
        if (listed is not { Phase: RunPhase.Over or RunPhase.Paused })
            return await looks.LineAsync(listed).ConfigureAwait(false);
        // An older registry does not say how often it was opened: then nobody can tell whether it is still the same end.
        if (listed.Opening == 0)
            return (await readers.ReadAsync(() => folds.Read(listed.Run, Line.Of)).ConfigureAwait(false))?.Figures;
        var key = (listed.Run, listed.Opening);
        if (_kept.TryGetValue<RunFigures>(key, out var kept))
            return kept;
        var reading = _reading.GetOrAdd(key, _ => new(() => readers.ReadAsync(() => folds.ReadOnce(listed.Run, Line.Of))));
        try
        {
            var line = await reading.Value.ConfigureAwait(false);
            if (line is { HasEnded: true })
                _kept.Set(key, line.Figures, new MemoryCacheEntryOptions { Size = Bytes + (2 * listed.Run.Length) });
            return line?.Figures;
        }
        finally
        {
            _reading.TryRemove(new(key, reading));
        }
    }

    public void Dispose() => _kept.Dispose();

    /// <param name="Figures">The line.</param>
    /// <param name="HasEnded">Its journal ends with its end, or with a pause.</param>
    private sealed record Line(RunFigures Figures, bool HasEnded)
    {
        public static Line Of(RunRecord record) => new(RunFigures.Of(record.State), record.State.Ended is not null);
    }
}
