using Asha.Actors;
using Asha.Actors.Messages;
using Asha.Core.Experiments;
using Asha.Torture.Invariants;

namespace Asha.Torture.Tests.Invariants;

/// <summary>Whoever ends a run does not wait for it longer than was said.</summary>
public sealed class StopLawTests
{
    private static readonly StopExperiment InGoodOrder = new(FinalOutcome.Paused, "by the user"), AtOnce = InGoodOrder with { AtOnce = true }, ForGood = new(FinalOutcome.Cancelled, "by the user");

    private static readonly TimeSpan Time = AshaActors.ProcessesEndIn;

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    private static void Ends(StopsEndInTime law, TimeSpan now) => law.Committed(now, [new ExperimentEnded(now, FinalOutcome.Paused, "")]);

    /// <summary>Asked for after ten seconds.</summary>
    private static StopsEndInTime Law(StopExperiment stop, bool isHeld = false)
    {
        var law = new StopsEndInTime();
        law.Quiet(At(10), new ExperimentState(), isHeld);
        law.Asked(At(10), stop);
        return law;
    }

    [Fact]
    public void Trials_have_their_time_to_end_and_a_journal_its_own()
    {
        var law = Law(InGoodOrder);
        law.Quiet(At(20), new ExperimentState(), isHeld: true);
        law.Quiet(At(80), new ExperimentState(), isHeld: false);
        Ends(law, At(80) + Time - At(10));
        law.Quiet(At(1000), new ExperimentState(), isHeld: false); // It is over.
        Ends(Law(ForGood), At(10));
        var slow = Law(AtOnce);
        slow.Quiet(At(10), new ExperimentState(), isHeld: true);
        Ends(slow, At(500));
        Assert.True(law.Evaluated == 3 && slow.Evaluated == 2);
    }

    [Fact]
    public void The_next_engine_was_asked_for_nothing()
    {
        var law = Law(InGoodOrder);
        law.Crashed(At(12), [], new ExperimentState());
        law.Quiet(At(1000), new ExperimentState(), isHeld: false);
        Assert.Equal(0, law.Evaluated);
    }

    [Fact]
    public void One_that_takes_longer_breaks_the_law()
    {
        History.Breaks("not over 00:00:01 after its time", () => Ends(Law(InGoodOrder), At(11) + Time));
        History.Breaks("not over 00:00:02 after its time", () => Law(InGoodOrder).Quiet(At(12) + Time, new ExperimentState(), isHeld: true));
        History.Breaks("not over 00:00:01", () => Law(ForGood).Quiet(At(11), new ExperimentState(), isHeld: false));
        History.Breaks("not over 00:00:03", () =>
        {
            var law = Law(InGoodOrder);
            law.Asked(At(13), AtOnce);
            law.Quiet(At(16), new ExperimentState(), isHeld: false);
        });
        History.Breaks("not over 00:00:05", () =>
        {
            var law = Law(InGoodOrder);
            law.Asked(At(14), InGoodOrder); // Asking twice gives it no more time.
            Ends(law, At(15) + Time);
        });
    }
}
