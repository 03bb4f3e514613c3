using System.IO.Hashing;
using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Actors.Simulation;
using Asha.Core.Experiments;
using Asha.Core.Recordings;
using Asha.Torture.Faults;
using Asha.Torture.Invariants;

namespace Asha.Torture.World;

/// <summary>What happened: a hash of every message that an actor took, and of all that is in the journal; and, where somebody listens, all of it in words.</summary>
internal sealed class Trace(VirtualScheduler clock, Action<TraceLine>? listener)
{
    private readonly Dictionary<Type, ulong> _types = [];
    private readonly SlotNumbers _slots = new();

    /// <summary>Two runs with the same one took the same messages at the same times, and decided the same.</summary>
    public ulong Hash { get; private set; } = 14695981039346656037UL;

    /// <summary>Messages taken.</summary>
    public long Messages { get; private set; }

    public void Taken(IActorRef owner, ulong id, Envelope envelope)
    {
        Messages++;
        var type = envelope.Message.GetType();
        if (!_types.TryGetValue(type, out var number))
            _types[type] = number = VirtualQueue.IdOf(type.Name);
        Mix((ulong)clock.Now.Ticks);
        Mix(id ^ number);
        if (envelope.Message is NodeReport { Report: var report })
            Mix((ulong)report.Trial << 32 | (uint)report.Attempt << 16 | (uint)report.Message);
        else if (envelope.Message is StartJob start)
            Mix((ulong)start.Trial << 32 | (uint)start.Attempt);
        listener?.Invoke(new TraceLine(clock.Now, $"{owner.Path.ToStringWithoutAddress()} < {Words.Of(envelope.Message)}", TraceLine.TrialOf(envelope.Message)) { Slots = _slots.Of(envelope.Message, owner, envelope.Sender) });
    }

    /// <summary>Something that the world did.</summary>
    public void Note(string what) => listener?.Invoke(new TraceLine(clock.Now, $"*** {what}", IsOfNote: true));

    /// <summary>What befell a message on its way.</summary>
    public void Note(Fault kind, object message) => listener?.Invoke(new TraceLine(clock.Now, $"*** {KindNames.NameOf(kind)}: {Words.Of(message)}", TraceLine.TrialOf(message), IsOfNote: true) { Slots = _slots.Of(message) });

    /// <summary>An entry of the journal: what messages said shows there.</summary>
    public void Written(ReadOnlySpan<byte> entry) => Mix(XxHash3.HashToUInt64(entry));

    /// <summary>A law is broken: nothing after it matters.</summary>
    public void Broken(ViolationException broken) => listener?.Invoke(new TraceLine(clock.Now, $"*** BROKEN: {broken.Message}", broken.Trial, IsOfNote: true) { IsEnd = true, Slots = broken.Slot is { } slot ? [slot] : [] });

    /// <summary>The journal has it.</summary>
    public void Durable(ExperimentEvent happened) => listener?.Invoke(new TraceLine(clock.Now, $"journal: {EventWords.Of(happened)}", TraceLine.TrialOf(happened), IsOfNote: true) { Slots = _slots.Of(happened) });

    private void Mix(ulong value) => Hash = (Hash ^ value) * 0x9E3779B97F4A7C15UL ^ Hash >> 29;
}
