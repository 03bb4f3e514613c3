using Asha.Core.Scheduling;
using CsCheck;

namespace Asha.Core.Tests.Scheduling;

/// <summary>The pool's laws, under random commands: with demands, priorities and limits, terms that change, nodes that come, leave and are lost.</summary>
public class PoolLawsTests
{
    private static readonly SlotCapacity[] Capacities =
        [new(2, 1 << 20), new(4, 1 << 21, Labels: ["fast"]), new(4, 1 << 21, 1), new(8, 1 << 22, 2, ["fast", "gpu"]), SlotCapacity.None];

    private static readonly SlotDemand[] Demands =
        [SlotDemand.None, SlotDemand.None, SlotDemand.None, new(Cpus: 4), new(Gpus: 1), new(Gpus: 2), new(Labels: ["fast"]), new(Gpus: 3)];

    [Fact]
    public void Whatever_happens_the_laws_hold()
        => Gen.Int.Sample(seed =>
        {
            var (random, world, names) = (new Random(seed), new PoolUnderTest(3), 0);
            for (var step = 0; step < 120; step++)
            {
                Operate(random, world, ref names);
                world.Balance();
            }
            world.Settle(random);
        }, iter: 800);

    /// <summary>
    /// Who has none is not passed over for one that has some, whichever slot comes back and for whom it was. What is recalled for another is not had: whoever gives back its only other one, and the pool
    /// cannot take that instead as the other shuns it, has none either.
    /// </summary>
    [Fact]
    public void A_slot_that_comes_back_goes_to_one_that_has_none()
        => Gen.Int.Sample(seed =>
        {
            var (random, world, names) = (new Random(seed), new PoolUnderTest(), 0);
            for (var step = 0; step < 120; step++)
            {
                var had = world.Players.ToDictionary(player => player.Key, player => player.Value.Held.Count);
                var ended = AnyHeld(random, world);
                if (ended is not var (holder, idle) || !world.Idle(holder, idle))
                {
                    Operate(random, world, ref names);
                    world.Balance();
                    continue;
                }
                var owned = world.Players.Keys.ToDictionary(player => player, world.Pool.OwnedBy);
                foreach (var grant in world.Balance().Where(decision => decision.Action == PoolAction.Grant && decision.Slot == idle && had[decision.Experiment] > 0 && owned[decision.Experiment] > 0))
                {
                    Assert.DoesNotContain(world.Players, player => had[player.Key] == 0 && player.Value is { Wants: true, Held.Count: 0 } && player.Value.Takes(idle, world.Slots[idle]));
                }
            }
        }, iter: 500);

    private static ShareTerms Terms(Random random) => new(random.Next(1, 5), random.Next(-1, 2), random.Next(3) == 0 ? random.Next(1, 5) : null);

    private static (string Experiment, int Slot)? AnyHeld(Random random, PoolUnderTest world)
    {
        var held = world.Players.SelectMany(player => player.Value.Held.Select(slot => (player.Key, slot))).ToArray();
        return held.Length > 0 ? held[random.Next(held.Length)] : null;
    }

    private static void Operate(Random random, PoolUnderTest world, ref int names)
    {
        var player = world.Players.Count > 0 ? world.Players.Keys.ElementAt(random.Next(world.Players.Count)) : null;
        (int, int)? node = world.Nodes.Count > 1 ? world.Nodes[random.Next(world.Nodes.Count)] : null;
        switch (random.Next(13))
        {
            case 0:
                var capacity = Capacities[random.Next(Capacities.Length)];
                world.Join([.. Enumerable.Repeat(capacity, random.Next(1, 5))]);
                break;
            case 1 when node is { } lost:
                world.Lose(lost);
                break;
            case 2 when node is { } leaving && random.Next(3) == 0:
                world.Withdraw(leaving);
                break;
            case 3 or 4 when world.Players.Count < 6:
                world.Open($"experiment-{names++}", Terms(random), Demands[random.Next(Demands.Length)]);
                break;
            case 5 when player is not null && random.Next(4) == 0:
                world.Close(player);
                break;
            case 6 when player is not null:
                world.Change(player, Terms(random));
                break;
            case 7 when AnyHeld(random, world) is var (experiment, slot):
                world.Park(experiment, slot);
                break;
            case 9 when player is not null:
                world.Shun(player, [.. world.Nodes.Where(_ => random.Next(3) == 0)]);
                break;
            case 8 when player is not null:
                world.Want(player);
                break;
            default:
                if (AnyHeld(random, world) is var (holder, idle))
                    world.Idle(holder, idle);
                break;
        }
    }
}
