using System.Text;
using Akka.Actor;
using Asha.Actors.Persistence;
using Asha.Actors.Tests.Persistence;
using Asha.Core.Experiments;
using Asha.Untrusted;
using CsCheck;

namespace Asha.Actors.Tests.Untrusted;

/// <summary>Whatever a record of a journal holds, it is read, or it is an <see cref="UnknownFormatException"/>.</summary>
public sealed class JournalRecordTests : IDisposable
{
    private static readonly byte[][] _lines = [.. new[] { "events-v1.jsonl", "run-asha.jsonl", "run-two-nodes.jsonl", "run-stopping.jsonl" }
        .SelectMany(file => File.ReadLines(Path.Combine(AppContext.BaseDirectory, file)).Take(60)).Select(Encoding.UTF8.GetBytes)];

    private readonly ActorSystem _system = ActorSystem.Create("untrusted");

    public void Dispose() => _system.Terminate().Wait(TimeSpan.FromSeconds(10));

    [Fact]
    public void A_line_with_bytes_changed_is_read_or_refused()
        => Mutations.OfBytes(_lines).Sample(line => Fuzz.Bounded(line.Length, () => Refused(() => EventLines.Read(line))), iter: Fuzz.Cases(20_000));

    [Fact]
    public void A_line_with_values_changed_is_read_or_refused_and_what_is_read_can_be_written()
        => Mutations.OfJson(_lines).Sample(line => Fuzz.Bounded(line.Length, () =>
        {
            ExperimentEvent? happened = null;
            Refused(() => happened = EventLines.Read(line));
            if (happened is not null && Written(happened) is { } again)
                Assert.NotNull(EventLines.Read(again.AsSpan()[..^1]));
        }, perByte: 2000), iter: Fuzz.Cases(20_000));

    [Fact]
    public void Entries_with_bytes_changed_are_read_or_refused()
    {
        byte[][] entries = [.. _lines.Chunk(5).Select(lines => lines.SelectMany(line => line.Append((byte)'\n')).ToArray())];
        Mutations.OfBytes(entries).Sample(entry => Fuzz.Bounded(entry.Length, () => Refused(() => _ = EventLines.ReadIntact(entry).ToList())), iter: Fuzz.Cases(5000));
    }

    [Fact]
    public void What_any_manifest_says_is_read_or_refused()
    {
        var format = new AshaFormat((ExtendedActorSystem)_system);
        var samples = Samples.Events.Cast<object>().Concat(Samples.Messages(_system.DeadLetters)).Select(value => (Manifest: AshaFormat.ManifestOf(value), Bytes: format.Write(value))).ToArray();
        var manifests = samples.Select(sample => sample.Manifest).Distinct().ToArray();
        Gen.Select(Mutations.OfJson([.. samples.Select(sample => sample.Bytes)]), Gen.OneOfConst(manifests)).Sample((bytes, other) =>
            Fuzz.Bounded(bytes.Length, () => Refused(() => format.Read(bytes, other)), perByte: 2000), iter: Fuzz.Cases(5000));
        foreach (var (manifest, valid) in samples)
            Mutations.OfJson([valid]).Sample(bytes => Fuzz.Bounded(bytes.Length, () => Refused(() => format.Read(bytes, manifest)), perByte: 2000), iter: Fuzz.Cases(300));
    }

    [Fact]
    public void A_run_of_which_a_line_says_something_else_is_folded_or_refused()
    {
        byte[][] lines = [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "run-asha.jsonl")).Take(80).Select(Encoding.UTF8.GetBytes)];
        Gen.Select(Gen.Int[0, lines.Length - 1], Mutations.OfJson(lines).Array[1, 2]).Sample((at, changed) => Fuzz.Bounded(lines.Sum(line => line.Length), () =>
        {
            var record = RunRecord.Whole();
            try
            {
                foreach (var line in lines.Take(at).Concat(changed).Concat(lines.Skip(at + 1)))
                    record.Apply(EventLines.Read(line));
            }
            catch (UnknownFormatException)
            {
                // Documented.
            }
            catch (Exception error) when (error is not (OutOfMemoryException or InsufficientExecutionStackException))
            {
                // The fold trusts its events, and whoever folds a file says that a line does not follow (RunFolder): what must not be is a hang, or memory without bound.
            }
        }, fixedBytes: 200 << 20), iter: Fuzz.Cases(2000));
    }

    /// <summary>Found by the fuzzing above, or by looking for more of the kind.</summary>
    [Theory]
    [InlineData("\"reductionFactor\":3", "\"reductionFactor\":1")]
    [InlineData("\"reductionFactor\":3", "\"reductionFactor\":0")]
    [InlineData("\"reductionFactor\":3", "\"reductionFactor\":-3")]
    [InlineData("\"min\":1,", "\"min\":0,")]
    [InlineData("\"min\":1,", "\"min\":-5,")]
    [InlineData("\"min\":1,", "\"min\":1e-300,")]
    [InlineData("\"max\":9", "\"max\":1e300")]
    [InlineData("\"max\":9", "\"max\":null")]
    public void A_ladder_without_end_is_refused(string was, string becomes)
    {
        var started = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "run-asha.jsonl")).First();
        Assert.Contains(was, started, StringComparison.Ordinal);
        Fuzz.Bounded(started.Length, () => Assert.ThrowsAny<Exception>(() => new RunRecord().Apply(EventLines.Read(Encoding.UTF8.GetBytes(started.Replace(was, becomes, StringComparison.Ordinal))))));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    [InlineData(1 << 27)]
    public void A_slot_of_any_number_needs_no_memory_of_its_size(int slot)
    {
        var record = new RunRecord();
        record.Apply(EventLines.Read(_lines.First(line => line.AsSpan().StartsWith("{\"event\":\"experiment-started."u8))));
        Fuzz.Bounded(0, () => Assert.ThrowsAny<ArgumentOutOfRangeException>(() => record.Apply(new SlotJoined(TimeSpan.Zero, slot, "local"))));
    }

    private static byte[]? Written(ExperimentEvent happened)
    {
        try
        {
            return EventLines.Of([happened]);
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException)
        {
            return null; // Half of a surrogate pair cannot be written.
        }
    }

    private static void Refused(Action read)
    {
        try
        {
            read();
        }
        catch (UnknownFormatException)
        {
            // As documented.
        }
    }
}
