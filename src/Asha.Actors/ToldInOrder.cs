using Asha.Actors.Messages;

namespace Asha.Actors;

/// <summary>What the supervisor has told an experiment, in the order in which it was told, and each once. A supervisor that another has followed is heard no more.</summary>
internal sealed class ToldInOrder
{
    private readonly SortedDictionary<long, IToldMessage> _early = [];

    /// <summary>The number up to which all has been heard; 0: nothing.</summary>
    public long Heard { get; private set; }

    /// <summary>Which supervisor has spoken last.</summary>
    public int Epoch => (int)(Heard >> 32);

    /// <summary>The messages that can be taken now.</summary>
    public IReadOnlyList<IToldMessage> Take(IToldMessage told)
    {
        if (told.Told == 0)
            return [told];
        Meet((int)(told.Told >> 32));
        if (told.Told <= Heard)
            return [];
        _early[told.Told] = told;
        return Next();
    }

    /// <summary>What was told up to this number is made good.</summary>
    public IReadOnlyList<IToldMessage> Take(ToldSoFar told)
    {
        Meet((int)(told.Told >> 32));
        Heard = Math.Max(Heard, told.Told);
        foreach (var before in _early.Keys.Where(number => number <= Heard).ToArray())
            _early.Remove(before);
        return Next();
    }

    private void Meet(int epoch)
    {
        if (epoch <= Epoch)
            return;
        Heard = (long)epoch << 32;
        _early.Clear();
    }

    private List<IToldMessage> Next()
    {
        var next = new List<IToldMessage>();
        while (_early.Remove(Heard + 1, out var told))
        {
            Heard++;
            next.Add(told);
        }
        return next;
    }
}
