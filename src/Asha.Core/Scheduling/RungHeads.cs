using Asha.Core.Experiments;

namespace Asha.Core.Scheduling;

/// <summary>What the rungs of the open brackets offer: of each the trial that it would promote now.</summary>
public sealed class RungHeads
{
    private readonly List<RungHead?[]?> _brackets = [];
    private readonly NumberSet _offering = new();

    /// <summary>The oldest bracket of which a rung offers a trial, or <c>null</c>.</summary>
    public int? First => _offering.First;

    /// <summary>The trial that the rung would promote now, or <c>null</c>.</summary>
    public RungHead? this[int bracket, int rung]
    {
        get => _brackets[bracket]?[rung];
        set
        {
            _brackets[bracket]![rung] = value;
            if (value is not null)
                _offering.Add(bracket);
            else if (Highest(bracket) is null)
                _offering.Remove(bracket);
        }
    }

    /// <summary>Adds the next bracket.</summary>
    public void Open(int rungs) => _brackets.Add(new RungHead?[rungs]);

    /// <summary>The bracket is over: it offers nothing any more.</summary>
    public void Close(int bracket)
    {
        _brackets[bracket] = null;
        _offering.Remove(bracket);
    }

    /// <summary>The highest rung of the bracket that offers a trial, or <c>null</c>.</summary>
    public int? Highest(int bracket)
    {
        if (_brackets[bracket] is not { } heads)
            return null;
        for (var rung = heads.Length - 1; rung >= 0; rung--)
        {
            if (heads[rung] is not null)
                return rung;
        }
        return null;
    }
}
