using Asha.Actors.Execution;
using Microsoft.Extensions.Time.Testing;

namespace Asha.Actors.Tests.Execution;

/// <summary>What is remembered of processes from one look to the next, and what is not. <see cref="ProcessTableTests"/> has real ones.</summary>
public sealed class ProcessTokensTests
{
    private const string Ours = "run:0:1";

    private readonly FakeTimeProvider _clock = new();
    private readonly List<(int Pid, ulong Inode)> _running = [(-7, 70)];
    private readonly Dictionary<int, string?> _tokens = new() { [-7] = Ours };
    private readonly List<int> _reads = [];
    private readonly ProcessTokens _seen;

    public ProcessTokensTests() => _seen = new(_clock, () => _running, Read);

    [Fact]
    public void A_process_that_is_known_is_not_read_again_unless_it_is_looked_for()
    {
        Look(Ours);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Look(Ours);
        _reads.Clear();
        Assert.Empty(Look("run:0:2"));
        Assert.Empty(_reads);
        Assert.Equal([(-7, Ours)], Look(Ours));
        Assert.Equal([-7], _reads);
    }

    [Fact]
    public void What_it_was_before_it_became_its_program_is_not_remembered()
    {
        _tokens[-7] = null;
        Assert.Empty(Look(Ours));
        _clock.Advance(TimeSpan.FromSeconds(0.9));
        _tokens[-7] = Ours;
        Assert.Equal([(-7, Ours)], Look(Ours));
    }

    [Fact]
    public void What_is_given_the_number_of_a_known_one_is_read()
    {
        Settle();
        _running[0] = (-7, 71);
        _tokens[-7] = "run:5:1";
        Assert.Empty(Look(Ours));
        Assert.Equal([(-7, "run:5:1")], Look("run:5:1"));
    }

    [Fact]
    public void One_that_ended_is_forgotten()
    {
        Settle();
        _running.Clear();
        Assert.Empty(Look(Ours));
        _running.Add((-7, 70));
        _reads.Clear();
        Look("run:0:2");
        Assert.Equal([-7], _reads);
    }

    [Fact]
    public void One_that_cannot_be_read_is_asked_again_however_old_it_is()
    {
        _tokens.Remove(-7);
        Settle();
        Settle();
        _tokens[-7] = Ours;
        Assert.Equal([(-7, Ours)], Look(Ours));
    }

    [Fact]
    public void One_that_has_given_its_token_up_since_is_left_alone()
    {
        Settle();
        _tokens[-7] = null;
        Assert.Empty(Look(Ours));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Without_an_inode_nothing_is_remembered(ulong inode)
    {
        _running[0] = (-7, inode);
        Settle();
        _tokens[-7] = "run:5:1";
        Assert.Equal([(-7, "run:5:1")], Look("run:5:1"));
    }

    [Fact]
    public void A_list_that_cannot_be_read_is_an_error_and_changes_nothing()
    {
        var isBroken = false;
        var seen = new ProcessTokens(_clock, () => isBroken ? throw new IOException("no") : _running, Read);
        foreach (var _ in Enumerable.Range(0, 2))
        {
            seen.Carriers(token => token == Ours);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }
        isBroken = true;
        Assert.Throws<IOException>(() => seen.Carriers(token => token == Ours));
        isBroken = false;
        _reads.Clear();
        seen.Carriers(token => token == "run:0:2");
        Assert.Empty(_reads);
    }

    /// <summary>Two looks, after which it is no longer young.</summary>
    private void Settle()
    {
        Look("run:0:2");
        _clock.Advance(TimeSpan.FromSeconds(1));
        Look("run:0:2");
    }

    private List<(int Pid, string Token)> Look(string token) => _seen.Carriers(carried => carried == token);

    private bool Read(int pid, out string? token)
    {
        _reads.Add(pid);
        return _tokens.TryGetValue(pid, out token);
    }
}
