using Asha.Cluster.Api;
using Microsoft.Extensions.Time.Testing;

namespace Asha.Cluster.Tests;

/// <summary>Many who ask the same, and a question that is put once for all of them: never one that was put before they came.</summary>
public class SharedLookTests
{
    private static readonly TimeSpan _apart = TimeSpan.FromMilliseconds(100);

    private readonly FakeTimeProvider _time = new();
    private readonly List<TaskCompletionSource<int>> _put = [];

    [Fact]
    public async Task Who_comes_while_a_question_is_under_way_waits_for_the_next_one_with_all_others()
    {
        var look = Look();
        var first = look.AskAsync();
        await PutAsync(1);
        Task<int>[] later = [look.AskAsync(), look.AskAsync(), look.AskAsync()];
        _put[0].SetResult(1);
        Assert.Equal(1, await first);
        _time.Advance(_apart);
        await PutAsync(2);
        _put[1].SetResult(2);
        Assert.All(await Task.WhenAll(later), answer => Assert.Equal(2, answer));
        Assert.Equal(2, _put.Count);
    }

    [Fact]
    public async Task Questions_are_apart_and_the_first_one_after_a_while_is_put_at_once()
    {
        var look = Look();
        var first = look.AskAsync();
        await PutAsync(1);
        _put[0].SetResult(1);
        await first;
        var second = look.AskAsync();
        await Task.Delay(50);
        Assert.Single(_put);
        _time.Advance(_apart);
        await PutAsync(2);
        _put[1].SetResult(2);
        await second;
        _time.Advance(10 * _apart);
        _ = look.AskAsync();
        await PutAsync(3);
    }

    [Fact]
    public async Task What_a_question_fails_with_all_get_who_wait_for_it_and_the_next_one_is_put()
    {
        var look = Look();
        Task<int>[] both = [look.AskAsync(), look.AskAsync()];
        await PutAsync(1);
        _put[0].SetException(new InvalidOperationException("no"));
        foreach (var one in both)
            await Assert.ThrowsAsync<InvalidOperationException>(() => one);
        _time.Advance(_apart);
        var next = look.AskAsync();
        await PutAsync(2);
        _put[1].SetResult(2);
        Assert.Equal(2, await next);
    }

    [Fact]
    public async Task Where_it_may_be_old_an_answer_serves_for_so_long_and_no_longer_and_a_failure_never()
    {
        var look = Look(fresh: 5 * _apart);
        var first = look.AskAsync();
        await PutAsync(1);
        _put[0].SetResult(1);
        await first;
        _time.Advance(4 * _apart);
        Assert.Equal(1, await look.AskAsync());
        _time.Advance(2 * _apart);
        var second = look.AskAsync();
        await PutAsync(2);
        _put[1].SetException(new InvalidOperationException("no"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => second);
        _time.Advance(_apart);
        _ = look.AskAsync();
        await PutAsync(3);
    }

    [Fact]
    public async Task It_is_idle_when_nobody_has_asked_for_so_long_and_nobody_waits()
    {
        var look = Look();
        var asked = look.AskAsync();
        await PutAsync(1);
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.False(look.IsIdleFor(TimeSpan.FromMinutes(1)));
        _put[0].SetResult(1);
        await asked;
        Assert.True(look.IsIdleFor(TimeSpan.FromMinutes(1)));
        Assert.False(look.IsIdleFor(TimeSpan.FromMinutes(3)));
    }

    private SharedLook<int> Look(TimeSpan fresh = default) => new(() =>
    {
        var question = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_put)
        {
            _put.Add(question);
        }
        return question.Task;
    }, _apart, fresh, _time);

    /// <summary>Waits until so many questions have been put.</summary>
    private async Task PutAsync(int count)
    {
        for (var tries = 0; ; tries++)
        {
            lock (_put)
            {
                if (_put.Count == count)
                    return;
            }
            Assert.True(tries < 1000, $"{_put.Count} of {count} questions were put");
            await Task.Delay(10);
        }
    }
}
