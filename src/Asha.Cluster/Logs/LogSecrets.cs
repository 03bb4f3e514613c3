using Asha.Cluster.Api;
using Asha.Cluster.Settings;
using Npgsql;

namespace Asha.Cluster.Logs;

/// <summary>What a member knows and its log must never have in it, whoever says it.</summary>
internal static class LogSecrets
{
    /// <summary>Anything shorter is found in other words, too. (A token has 16 characters at least.)</summary>
    private const int Shortest = 8;

    /// <param name="settings">The member's.</param>
    /// <exception cref="Tuning.UserErrorException">Its token cannot be read.</exception>
    public static IReadOnlyList<string> Of(MemberSettings settings) =>
    [
        .. new[] { ApiToken.Read(settings.TokenFile), settings is CoordinatorSettings { JournalServer: { } server } ? new NpgsqlConnectionStringBuilder(server).Password : null }
            .OfType<string>().Where(secret => secret.Length >= Shortest),
    ];
}
