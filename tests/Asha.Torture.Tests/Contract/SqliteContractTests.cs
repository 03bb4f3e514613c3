using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Asha.Torture.Tests.Contract;

/// <summary>The journal of a run on one machine.</summary>
public sealed class SqliteContractTests : JournalContract
{
    protected override JournalSubject Make() => new Subject();

    private sealed class Subject() : SqlSubject(server: null)
    {
        private SqliteConnection? _lock;

        private string Database => Path.Combine(Folder, "journal.db");

        /// <summary>Another process has it, and keeps it.</summary>
        public override void Refuse()
        {
            _lock = (SqliteConnection)Connect();
            _lock.Open();
            using var command = _lock.CreateCommand();
            command.CommandText = "BEGIN IMMEDIATE";
            command.ExecuteNonQuery();
        }

        public override void Accept() => _lock!.Dispose();

        /// <summary>
        /// The database's log is cut off anywhere, as if the power had gone at that byte: so much of it the disk has. A request that was acknowledged when the log was no longer than that had been synced.
        /// </summary>
        public override async IAsyncEnumerable<AfterCrash> Crash(string id, int size)
        {
            var client = new JournalClient(Open());
            var lengths = new List<long>();
            for (var request = 0; request < 9; request++)
            {
                Assert.True(client.Write(id, MemoryContractTests.Requested(request, size)));
                lengths.Add(new FileInfo(Database + "-wal").Length);
            }
            Assert.Equal(lengths.Order().Distinct(), lengths); // It grows with each, and is not folded back into the database meanwhile.
            var (data, log) = (Read(Database), Read(Database + "-wal"));
            for (var length = log.Length; length >= 0; length -= length > lengths[0] ? 1013 : 9001)
            {
                var copy = Path.Combine(Folder, "copy.db");
                File.WriteAllBytes(copy, data);
                File.WriteAllBytes(copy + "-wal", log[..length]);
                File.Delete(copy + "-shm");
                using var connection = Connect(copy);
                connection.Open();
                yield return new AfterCrash(lengths.Count(synced => synced <= length), HasTable(connection) ? Numbers(connection, id) : []);
            }
            await Task.CompletedTask;
        }

        protected override DbConnection Connect() => Connect(Database);

        private static SqliteConnection Connect(string path) => new($"Data Source={path};Pooling=False");

        /// <summary>The tables themselves were made a moment ago, and may be in the log alone.</summary>
        private static bool HasTable(SqliteConnection connection)
        {
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT count(*) FROM sqlite_master WHERE name = 'journal'";
            return (long)command.ExecuteScalar()! == 1;
        }

        private static byte[] Read(string path)
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }
    }
}
