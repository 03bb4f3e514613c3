using Asha.Cluster.Nodes;

namespace Asha.Cluster.Tests;

public sealed class TurnsTests
{
    [Fact]
    public async Task One_at_a_time_of_each_key_and_nothing_is_kept_of_those_that_are_over()
    {
        var turns = new Turns<int>();
        var (inside, most) = (new int[4], 0);
        await Task.WhenAll(Enumerable.Range(0, 400).Select(number => Task.Run(async () =>
        {
            using (await turns.TakeAsync(number % 4, CancellationToken.None))
            {
                most = Math.Max(most, Interlocked.Increment(ref inside[number % 4]));
                await Task.Yield();
                Interlocked.Decrement(ref inside[number % 4]);
            }
        })));
        Assert.Equal((1, 0), (most, turns.Count));
    }

    [Fact]
    public async Task Who_gives_up_waiting_is_not_waited_for()
    {
        var turns = new Turns<string>();
        var held = await turns.TakeAsync("a", CancellationToken.None);
        using var stop = new CancellationTokenSource();
        var waits = turns.TakeAsync("a", stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waits);
        (await turns.TakeAsync("b", CancellationToken.None)).Dispose();
        Assert.Equal(1, turns.Count);
        held.Dispose();
        (await turns.TakeAsync("a", CancellationToken.None)).Dispose();
        Assert.Equal(0, turns.Count);
    }
}
