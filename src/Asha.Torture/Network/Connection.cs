using Asha.Torture.Faults;

namespace Asha.Torture.Network;

/// <summary>What lies between a node, from one start to its end, and the coordinator.</summary>
/// <param name="isLate">Called when an announcement of the node, or what asks for it, is late or lost: whoever waits for it may give the node up; <c>null</c>: it is no node's.</param>
internal sealed class Connection(Action? isLate = null)
{
    private readonly Way _toNode = new(), _fromNode = new();

    /// <summary>The machine is gone: nothing comes from it, and nothing gets there.</summary>
    public bool IsDead { get; set; }

    /// <summary>Nothing passes, and nothing is lost.</summary>
    public bool IsFrozen { get; set; }

    /// <summary>What is sent to the node is lost.</summary>
    public bool IsCutToNode { get; set; }

    /// <summary>What the node sends is lost.</summary>
    public bool IsCutFromNode { get; set; }

    public bool IsCut => IsCutToNode || IsCutFromNode;

    /// <summary>It was cut, and nothing has shown yet that this changed anything.</summary>
    public bool AwaitsEffectOfCut { get; set; }

    /// <summary>Until then messages lose their order.</summary>
    public TimeSpan BrokenUntil { get; set; }

    /// <summary>Reports that the node has sent, by trial, attempt and message, and what was done to them or to their answers since: until when that keeps the answer away.</summary>
    public Dictionary<(int Trial, int Attempt, int Message), (Fault Kind, TimeSpan Until)?> Sent { get; } = [];

    public void IsLate() => isLate?.Invoke();

    public Way Way(bool toNode) => toNode ? _toNode : _fromNode;
}

/// <summary>One direction of it.</summary>
internal sealed class Way
{
    /// <summary>When the last of those that keep their order arrives.</summary>
    public TimeSpan Last { get; set; }

    /// <summary>How many of these are on their way.</summary>
    public int InFlight { get; set; }

    /// <summary>The newest message that has arrived.</summary>
    public long Arrived { get; set; }

    /// <summary>Messages that wait until it is whole again.</summary>
    public List<Letter> Held { get; } = [];

    /// <summary>How long a message takes that would take so long alone, and arrives after those before it.</summary>
    public TimeSpan Behind(TimeSpan now, TimeSpan late)
    {
        Last = now + late > Last ? now + late : Last;
        return Last - now;
    }
}
