using System.Data.Common;

namespace Asha.Tuning.Journals;

/// <summary>A journal's entries as rows, one after the other: whoever reads them reads all of them this way.</summary>
internal static class JournalRows
{
    /// <summary>Asks for them, in order: number, serializer, manifest, and the events of the commit as lines.</summary>
    /// <param name="command">Of an open connection.</param>
    /// <param name="id">Whose entries.</param>
    /// <param name="after">Only those with a higher number.</param>
    public static DbDataReader Query(DbCommand command, string id, long after = 0)
    {
        command.CommandText = "SELECT sequence_number, identifier, manifest, message FROM journal WHERE persistence_id = @id AND sequence_number > @after ORDER BY sequence_number";
        foreach (var (name, value) in new (string, object)[] { ("@id", id), ("@after", after) })
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }
        return command.ExecuteReader();
    }
}
