using Asha.Actors.Simulation;
using Asha.Torture.Faults;
using Asha.Torture.World;

namespace Asha.Torture.Network;

/// <summary>Draws what befalls each message.</summary>
internal sealed class MessageFaults(VirtualScheduler clock, TorturePlan plan, MessageEffects effects)
{
    private readonly Dice _dice = new(plan.Random.Stream("network"));

    /// <summary>Lost, late, or late and out of its order, and how late it is then; <c>null</c>: none of these.</summary>
    public (Fault? Fault, TimeSpan Late) Of(Connection connection, object message)
    {
        if (plan.Has(Fault.Dropped) && WireTypes.IsDroppable(message) && _dice.Chance(plan.Faults.Dropped))
        {
            effects.Inject(connection, Fault.Dropped, message, TimeSpan.MaxValue);
            return (Fault.Dropped, TimeSpan.Zero);
        }
        if (connection.BrokenUntil > clock.Now && WireTypes.IsReorderable(message) && _dice.Chance(.5))
        {
            effects.Inject(Fault.Reordered, message);
            return (Fault.Reordered, _dice.Time(TimeSpan.FromMilliseconds(1), plan.Faults.LongestBreak));
        }
        if (plan.Has(Fault.Delayed) && _dice.Chance(plan.Faults.Delayed))
        {
            var late = _dice.Time(TimeSpan.FromMilliseconds(1), plan.Faults.LongestDelay);
            effects.Inject(connection, Fault.Delayed, message, clock.Now + late);
            return (Fault.Delayed, late);
        }
        return default;
    }

    /// <summary>How much later than the message a copy of it arrives; <c>null</c>: there is none.</summary>
    public TimeSpan? Copy(object message)
    {
        if (!plan.Has(Fault.Duplicated) || !WireTypes.IsDuplicable(message) || !_dice.Chance(plan.Faults.Duplicated))
            return null;
        effects.Inject(Fault.Duplicated, message);
        return _dice.Chance(.5) ? TimeSpan.FromMilliseconds(1) : _dice.Time(TimeSpan.FromMilliseconds(1), plan.Faults.LongestDelay);
    }
}
