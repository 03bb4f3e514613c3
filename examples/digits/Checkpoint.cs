using System.Runtime.InteropServices;

namespace Asha.Examples.Digits;

/// <summary>A training on disk: all that the next epoch depends on, besides hyper-parameters and seed.</summary>
internal static class Checkpoint
{
    private const string Format = "digits-checkpoint-1";

    /// <summary>
    /// Under another name first: whoever finds the file under its own name finds it whole, whenever this program is killed.
    /// </summary>
    public static void Save(string path, Training training)
    {
        var unfinished = path + ".unfinished";
        using (var stream = File.Create(unfinished))
        using (var writer = new BinaryWriter(stream))
        {
            writer.Write(Format);
            writer.Write(training.Epoch);
            writer.Write(training.Optimizer.Steps);
            foreach (var numbers in Arrays(training))
            {
                writer.Write(numbers.Length);
                writer.Write(MemoryMarshal.AsBytes<float>(numbers));
            }
            writer.Flush();
            stream.Flush(flushToDisk: true);
        }
        File.Move(unfinished, path, overwrite: true);
    }

    /// <exception cref="InvalidDataException">It is no checkpoint of a training with these hyper-parameters.</exception>
    public static void Load(string path, Training training)
    {
        using var reader = new BinaryReader(File.OpenRead(path));
        try
        {
            if (reader.ReadString() != Format)
                throw new InvalidDataException($"{path} is not a {Format}.");
            training.Epoch = reader.ReadInt32();
            training.Optimizer.Steps = reader.ReadInt64();
            foreach (var numbers in Arrays(training))
            {
                if (reader.ReadInt32() != numbers.Length)
                    throw new InvalidDataException($"{path} is of a network of another size or of another optimizer.");
                reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(numbers.AsSpan()));
            }
            if (reader.BaseStream.ReadByte() >= 0)
                throw new InvalidDataException($"{path} is of another optimizer.");
        }
        catch (EndOfStreamException)
        {
            throw new InvalidDataException($"{path} is cut short, or of another optimizer.");
        }
    }

    private static IEnumerable<float[]> Arrays(Training training) => training.Network.Parameters.Concat(training.Optimizer.State);
}
