using System.Net.Sockets;
using Asha.Cluster.Settings;
using Asha.Tuning;
using Npgsql;

namespace Asha.Cluster.Coordinators;

/// <summary>A coordinator's wait for its database: after a power cut it may well be up before PostgreSQL is, and what ends with a mistake in the settings is not started again.</summary>
internal static class DatabaseWait
{
    /// <summary>Opens it as often as it takes to reach it.</summary>
    /// <param name="open">Opens it, and says what is wrong by a <see cref="UserErrorException"/>.</param>
    /// <param name="say">Tells people: at first, and then every tenth time.</param>
    /// <param name="leave">Ends the wait.</param>
    /// <returns>Whether it is open; it is not: the coordinator is to leave.</returns>
    /// <exception cref="UserErrorException">It answers, and cannot be used: to wait would not help.</exception>
    public static async Task<bool> UntilAsync(Action open, Action<string> say, CancellationToken leave)
    {
        for (var tries = 1; !leave.IsCancellationRequested; tries++)
        {
            try
            {
                // On its own: it may wait for its network, which is told of no signal.
                await Task.Run(open, CancellationToken.None).WaitAsync(leave).ConfigureAwait(false);
                return true;
            }
            catch (OperationCanceledException) when (leave.IsCancellationRequested)
            {
                return false;
            }
            catch (UserErrorException error) when (IsAway(error.InnerException))
            {
                if (tries % 10 == 1)
                    say($"{error.Message}; it tries again, every {RefusedTries.Longest.TotalSeconds:0} s in the end");
            }
            await Task.WhenAny(Task.Delay(RefusedTries.PauseBefore(tries), leave)).ConfigureAwait(false);
        }
        return false;
    }

    /// <summary>Whether the server was not reached, or is starting, ending, or full of connections. A wrong password, user or database is an answer.</summary>
    internal static bool IsAway(Exception? error) => error switch
    {
        PostgresException said => said.SqlState is PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.TooManyConnections,
        NpgsqlException other => other.IsTransient || other.InnerException is SocketException,
        SocketException => true,
        _ => false,
    };
}
