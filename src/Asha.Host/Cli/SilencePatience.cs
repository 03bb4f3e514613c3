namespace Asha.Host.Cli;

/// <summary>How long a command that watches a cluster bears that no coordinator answers: a failover takes about ten seconds, a restart longer.</summary>
internal sealed class SilencePatience
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(60);

    private DateTime? _since;

    /// <summary>Whether the last silence was the first one since somebody answered.</summary>
    public bool IsNew { get; private set; }

    /// <summary>Nobody answered.</summary>
    /// <returns>Whether to ask again.</returns>
    public bool Bears()
    {
        IsNew = _since is null;
        return DateTime.UtcNow - (_since ??= DateTime.UtcNow) < _limit;
    }

    /// <summary>Somebody answered.</summary>
    public void Ended() => _since = null;
}
