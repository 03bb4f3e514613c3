using System.Data.Common;
using System.Diagnostics;
using Asha.Cluster.Api;

namespace Asha.Cluster.Coordinators;

/// <summary>Whether a coordinator can be of use at the moment: it is up in the cluster, a registry answers by way of it, and so does the database. However often it is asked, it looks once a second at most, and once at a time.</summary>
/// <param name="registry">The way to the registry.</param>
/// <param name="open">A connection to the database.</param>
internal sealed class CoordinatorHealth(RegistryDoor registry, Func<DbConnection> open)
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1), _patience = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private Task<bool> _database = Task.FromResult(true);
    private Task<string?> _looks = Task.FromResult<string?>(null);
    private long? _looked;
    private volatile bool _isUp;

    /// <summary>It is up in the cluster, or not any more.</summary>
    public void Up(bool isUp) => _isUp = isUp;

    /// <summary>Why it is not ready, in a sentence for anybody; <c>null</c>: it is.</summary>
    public async Task<string?> ProblemAsync()
    {
        if (!_isUp)
            return "this coordinator is not up in the cluster";
        Task<string?> looks;
        lock (_lock)
        {
            if (_looks.IsCompleted && (_looked is not { } before || Stopwatch.GetElapsedTime(before) >= _interval))
                (_looks, _looked) = (LookAsync(), Stopwatch.GetTimestamp());
            looks = _looks;
        }
        return await looks.ConfigureAwait(false);
    }

    private async Task<string?> LookAsync()
    {
        // On its own, and one at a time: a server that is away may be waited for.
        if (_database.IsCompleted)
            _database = Task.Run(Answers);
        var database = _database;
        var found = registry.AnswersAsync(_patience);
        if (await Task.WhenAny(database, Task.Delay(_patience)).ConfigureAwait(false) != database || !await database.ConfigureAwait(false))
            return "the database does not answer";
        return await found.ConfigureAwait(false) ? null : "no registry answers";
    }

    private bool Answers()
    {
        try
        {
            using var connection = open();
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT 1";
            command.ExecuteScalar();
            return true;
        }
        catch (DbException)
        {
            return false;
        }
    }
}
