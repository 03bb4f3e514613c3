using Asha.Core.Utilization;

namespace Asha.Host.Plots;

/// <summary>Slots <paramref name="FirstRow"/> … <paramref name="LastRow"/>, idle together from <paramref name="From"/> to <paramref name="To"/> (seconds): the place to say why.</summary>
internal sealed record IdleBlock(int FirstRow, int LastRow, double From, double To)
{
    private const int Columns = 200;

    /// <summary>The largest one of a cause by slots × time, to a two-hundredth of the time: the largest rectangle in a grid, row by row by the stack of rising heights. <c>null</c>: there is none.</summary>
    public static IdleBlock? Largest(IReadOnlyList<SlotBar> bars, IdleCause cause, int rows, double until)
    {
        var width = until / Columns;
        var idle = new bool[rows, Columns];
        foreach (var bar in bars.Where(bar => bar.Kind.Idle == cause))
        {
            for (var column = (int)Math.Ceiling(bar.From / width - 1e-9); column < Columns && (column + 1) * width <= bar.To + 1e-9; column++)
                idle[bar.Row, column] = true;
        }
        IdleBlock? best = null;
        var heights = new int[Columns + 1];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < Columns; column++)
                heights[column] = idle[row, column] ? heights[column] + 1 : 0;
            var rising = new Stack<(int Start, int Height)>();
            for (var column = 0; column <= Columns; column++)
            {
                var start = column;
                while (rising.TryPeek(out var top) && top.Height > heights[column])
                {
                    (start, var height) = rising.Pop();
                    var found = new IdleBlock(row - height + 1, row, start * width, column * width);
                    if (found.Area > (best?.Area ?? 0))
                        best = found;
                }
                if (heights[column] > 0 && (!rising.TryPeek(out var below) || below.Height < heights[column]))
                    rising.Push((start, heights[column]));
            }
        }
        return best;
    }

    private double Area => (LastRow - FirstRow + 1) * (To - From);
}
