using System.Data.Common;
using Asha.Actors.Tests.Persistence;
using Npgsql;

namespace Asha.Torture.Tests.Contract;

/// <summary>The journal of runs that share a server: a real PostgreSQL. Where none can be had, these tests fail; they never skip.</summary>
public sealed class PostgresContractTests(PostgresServer server) : JournalContract, IClassFixture<PostgresServer>
{
    protected override JournalSubject Make() => new Subject(server);

    private sealed class Subject(PostgresServer server) : SqlSubject(server.ConnectionString)
    {
        public override void Refuse() => server.Stop();

        public override void Accept() => server.Start();

        /// <summary>The server is ended at once while requests are written, as a power cut would: three times, each a little later.</summary>
        public override async IAsyncEnumerable<AfterCrash> Crash(string id, int size)
        {
            for (var round = 0; round < 3; round++)
            {
                var (own, system, acknowledged) = ($"{id}-{round}", Open(), 0);
                var client = new JournalClient(system);
                Assert.True(client.Write(own, MemoryContractTests.Requested(acknowledged++, size)));
                var writing = Task.Run(() =>
                {
                    while (client.Write(own, MemoryContractTests.Requested(Volatile.Read(ref acknowledged), size)))
                        Interlocked.Increment(ref acknowledged);
                });
                Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref acknowledged) > 10 * (round + 1), JournalClient.Patience));
                server.Stop();
                await writing.WaitAsync(JournalClient.Patience);
                server.Start();
                await Close(system);
                using var connection = Connect();
                await connection.OpenAsync();
                yield return new AfterCrash(acknowledged, Numbers(connection, own));
            }
        }

        protected override DbConnection Connect() => new NpgsqlConnection(server.ConnectionString + ";Pooling=false");
    }
}
