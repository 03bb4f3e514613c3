using Asha.Torture.Campaign;
using Asha.Torture.World;

namespace Asha.Torture.Tests;

public sealed class DeterminismTests
{
    [Fact]
    public void A_seed_gives_the_same_run_message_for_message_and_none_of_it_comes_from_other_threads()
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var (one, other) = (TortureRun.Of(new TortureCase(seed)), TortureRun.Of(new TortureCase(seed)));
            Assert.Equal((one.Hash, one.Messages, one.Events, one.Length), (other.Hash, other.Messages, other.Events, other.Length));
            Assert.Equal(0, one.Foreign);
        }
    }

    [Fact]
    public void What_was_played_on_a_stage_before_tells_in_nothing_and_one_actor_system_serves_all()
    {
        using var stage = new Stage();
        for (var seed = 0; seed < 20; seed++)
        {
            var (shared, alone) = (TortureRun.Of(new TortureCase(seed), stage), TortureRun.Of(new TortureCase(seed)));
            Assert.Equal((alone.Hash, alone.Messages, alone.Events, alone.Length), (shared.Hash, shared.Messages, shared.Events, shared.Length));
            Assert.Equal(0, shared.Foreign);
        }
        Assert.Equal(1, stage.Made);
    }

    [Fact]
    public void Side_by_side_seeds_run_as_alone()
    {
        var cases = Enumerable.Range(0, 12).Select(seed => new TortureCase(seed)).ToArray();
        Assert.Equal(new TortureCampaign(cases, 1).Run(default).Hash, new TortureCampaign(cases, 2).Run(default).Hash);
    }

    [Fact]
    public void Another_seed_is_another_run() => Assert.NotEqual(TortureRun.Of(new TortureCase(1)).Hash, TortureRun.Of(new TortureCase(2)).Hash);
}
