using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Cluster.Api;

/// <summary>
/// How runs stand, for many who look on: asked is the host of the run, which knows it anyway, once for all who wait; where it has none, or that does not answer, the journal is read. So who looks on costs those who work next to nothing, however many they are.
/// </summary>
/// <param name="registry">Tells where a run is at work.</param>
/// <param name="folds">What the journals say.</param>
/// <param name="readers">Who may read them.</param>
/// <param name="formats">How summaries are written.</param>
/// <param name="time">The clock.</param>
internal sealed class RunLooks(RegistryDoor registry, RunFolds folds, JournalReaders readers, ApiFormats formats, TimeProvider time)
{
    /// <summary>From one look at a run to the next; so long at most somebody waits for his turn.</summary>
    private static readonly TimeSpan _apart = TimeSpan.FromMilliseconds(100);

    /// <summary>A line of a list may be so old: what phase the run is in, the registry says.</summary>
    private static readonly TimeSpan _fresh = TimeSpan.FromMilliseconds(500);

    /// <summary>A host that is being taken over, or is of an earlier version, says nothing.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan _idle = TimeSpan.FromMinutes(1);
    private const int KeptAtLeast = 256;

    /// <summary>All that are kept are looked through so often at most: a page of a list asks for a thousand.</summary>
    private static readonly TimeSpan _pruning = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private long _prunedAt = time.GetTimestamp();
    private readonly Dictionary<string, SharedLook<string?>> _summaries = [];
    private readonly Dictionary<string, (SharedLook<RunFigures?> Look, Place Host)> _lines = [];

    /// <summary>The run's summary; <c>null</c>: it has not begun, or there is none.</summary>
    /// <exception cref="ApiProblemException">Its journal cannot be read.</exception>
    public Task<string?> SummaryAsync(string run)
    {
        SharedLook<string?> look;
        lock (_lock)
        {
            Prune();
            look = _summaries.TryGetValue(run, out var known) ? known : _summaries[run] = new(() => LookForSummaryAsync(run), _apart, TimeSpan.Zero, time);
        }
        return look.AskAsync();
    }

    /// <summary>How far a run is that is at work; <c>null</c>: it has not begun.</summary>
    /// <param name="listed">The run, as the registry has it.</param>
    /// <exception cref="ApiProblemException">Its journal cannot be read.</exception>
    public Task<RunFigures?> LineAsync(ListedExperiment listed)
    {
        (SharedLook<RunFigures?> Look, Place Host) line;
        lock (_lock)
        {
            Prune();
            if (!_lines.TryGetValue(listed.Run, out line))
            {
                var place = new Place();
                _lines[listed.Run] = line = (new(() => LookForLineAsync(listed.Run, place.Host), _apart, _fresh, time), place);
            }
            line.Host.Host = listed.Host;
        }
        return line.Look.AskAsync();
    }

    private async Task<string?> LookForSummaryAsync(string run)
        => await AskAsync(await HostAsync(run).ConfigureAwait(false), run, withSummary: true).ConfigureAwait(false) is { Summary: { } summary } ? summary : await readers.ReadAsync(() => folds.Read(run, formats.Summary)).ConfigureAwait(false);

    private async Task<RunFigures?> LookForLineAsync(string run, IActorRef? host)
        => (await AskAsync(host, run, withSummary: false).ConfigureAwait(false))?.Figures ?? await readers.ReadAsync(() => folds.Read(run, record => RunFigures.Of(record.State))).ConfigureAwait(false);

    /// <summary><c>null</c>: nowhere, or nobody can tell.</summary>
    private async Task<IActorRef?> HostAsync(string run)
    {
        try
        {
            return (await registry.ListAsync(new ListExperiments(Run: run)).ConfigureAwait(false)).Experiments is [var listed] ? listed.Host : null;
        }
        catch (ApiProblemException)
        {
            return null; // The journal may be there, though no registry is.
        }
    }

    private static async Task<RunStands?> AskAsync(IActorRef? host, string run, bool withSummary)
    {
        try
        {
            return host is null ? null : await host.Ask<RunStands>(new LookAtRun(run, withSummary), _patience).ConfigureAwait(false);
        }
        catch (Exception silent) when (silent is AskTimeoutException or OperationCanceledException or InvalidOperationException)
        {
            return null;
        }
    }

    private void Prune()
    {
        if (time.GetElapsedTime(_prunedAt) < _pruning)
            return;
        _prunedAt = time.GetTimestamp();
        Prune(_summaries, kept => kept.IsIdleFor(_idle));
        Prune(_lines, kept => kept.Look.IsIdleFor(_idle));
    }

    private static void Prune<TLook>(Dictionary<string, TLook> looks, Func<TLook, bool> isIdle)
    {
        if (looks.Count <= KeptAtLeast)
            return;
        foreach (var idle in looks.Where(look => isIdle(look.Value)).Select(look => look.Key).ToArray())
            looks.Remove(idle);
    }

    /// <summary>Where the run was at work when somebody asked last.</summary>
    private sealed class Place
    {
        public volatile IActorRef? Host;
    }
}
