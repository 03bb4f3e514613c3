using Asha.Actors.Messages;

namespace Asha.Actors.Tests;

/// <summary>What a supervisor tells an experiment is taken in its order, once, and not from one that is over.</summary>
public sealed class ToldInOrderTests
{
    private readonly ToldInOrder _told = new();

    private static KeepSlot Say(int epoch, int number) => new(number, ((long)epoch << 32) + number);

    private int[] Take(int epoch, int number) => [.. _told.Take(Say(epoch, number)).Select(message => ((KeepSlot)message).Slot)];

    [Fact]
    public void What_comes_early_waits_and_what_comes_twice_is_one()
    {
        Assert.Equal([1], Take(2, 1));
        Assert.Equal([], Take(2, 3));
        Assert.Equal([], Take(2, 4));
        Assert.Equal([2, 3, 4], Take(2, 2));
        Assert.Equal([], Take(2, 3));
        Assert.Equal((2L << 32) + 4, _told.Heard);
    }

    [Fact]
    public void What_is_made_good_is_not_taken_when_it_comes_late()
    {
        Assert.Equal([], Take(2, 2));
        Assert.Equal([], Take(2, 6));
        Assert.Equal([], _told.Take(new ToldSoFar((2L << 32) + 4)));
        Assert.Equal([], Take(2, 1));
        Assert.Equal([5, 6], Take(2, 5));
    }

    [Fact]
    public void Another_supervisor_is_heard_from_its_first_word_on_and_the_one_before_no_more()
    {
        Take(2, 1);
        Assert.Equal([1], Take(3, 1));
        Assert.Equal([], Take(2, 2));
        Assert.Equal([], _told.Take(new ToldSoFar((2L << 32) + 9)));
        Assert.Equal([2], Take(3, 2));
    }

    [Fact]
    public void What_has_no_number_is_taken_at_once() => Assert.Single(_told.Take(new KeepSlot(4)));
}
