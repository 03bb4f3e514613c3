using Asha.Core.Experiments;
using Asha.Core.Utilization;
using Asha.Host.Cli;

namespace Asha.Host.View;

/// <summary>How much is shown of a slot.</summary>
internal enum SlotDetail { Trial, Resource, Bar }

/// <summary>Slots listed from top to bottom, then in the next column; all columns are equally wide, and stay so while the run goes on.</summary>
/// <param name="slots">Those to list, at least one.</param>
/// <param name="detail">How much of each.</param>
internal sealed class SlotLayout(Moment moment, Look look, int[] slots, SlotDetail detail)
{
    private const int BarWidth = 20;

    private readonly string _gap = new(' ', detail == SlotDetail.Trial ? 2 : 4);

    /// <summary>Whether all of them fit into so many rows, the head included.</summary>
    public bool Fits(int rows) => slots.Length <= (rows - 1) * MostColumns(CellWidth());

    /// <summary>At most so many rows, the head included; where not all slots fit, the last place says how many more there are.</summary>
    public IReadOnlyList<Line> Draw(int rows)
    {
        var width = CellWidth();
        var columns = Math.Min(MostColumns(width), (slots.Length + rows - 2) / (rows - 1));
        var height = Math.Min(rows - 1, (slots.Length + columns - 1) / columns);
        var shown = slots.Length <= height * columns ? slots.Length : height * columns - 1;
        var lines = Enumerable.Range(0, height + 1).Select(_ => Line.Empty).ToArray();
        for (var column = 0; column * height < shown; column++)
        {
            var cells = Table(slots[(column * height)..Math.Min((column + 1) * height, shown)]).Lines();
            for (var row = 0; row < cells.Count; row++)
                lines[row].To(column * (width + _gap.Length)).Add(cells[row]);
        }
        if (shown < slots.Length)
            lines[^1].To((columns - 1) * (width + _gap.Length)).Add($"{look.Ellipsis} and {slots.Length - shown} more", Tone.Faint);
        return lines;
    }

    private int MostColumns(int width) => Math.Max(1, (look.Width + _gap.Length) / (width + _gap.Length));

    private int CellWidth() => Table([]).Lines()[0].Width;

    /// <summary>The heads are as wide as the widest value that may come.</summary>
    private Grid Table(int[] part)
    {
        var spec = moment.State.Spec;
        var (slot, trial, time) = ($"{slots[^1]}".Length, $"{moment.State.Trials.Count}".Length, detail == SlotDetail.Trial ? 4 : Words.Clock(moment.Now).Length);
        string[] heads = ["#".PadLeft(slot), "trial".PadLeft(trial), "rung", "for".PadLeft(time),
            spec.Resource.Name.PadLeft(Math.Max(IdleCause.NoPromotable.Name().Length, Output.Number(spec.Resource.Max).Length * 2 + 4)), new string(' ', BarWidth)];
        var count = detail switch { SlotDetail.Trial => 4, SlotDetail.Resource => 5, _ => 6 };
        var grid = new Grid(detail == SlotDetail.Trial ? 1 : 2, heads[..count]);
        foreach (var number in part)
            grid.Row(Cells(number)[..count]);
        return grid;
    }

    private (string, Tone)[] Cells(int slot)
    {
        if (moment.State.Slots.TrialOn(slot) is not { } number)
            return [($"{slot}", Tone.Plain), ("-", Tone.Faint), ("-", Tone.Faint), ("-", Tone.Faint), (Idle(slot), Tone.Faint), ("", Tone.Plain)];
        var trial = moment.State.Trials[number];
        var time = moment.Now - trial.Since;
        var resource = $"{Output.Number(trial.Resource)} of {Output.Number(trial.Target)}";
        return [($"{slot}", Tone.Plain), ($"{number}", Tone.Plain), ($"{trial.Rung}", Tone.Plain), (detail == SlotDetail.Trial ? Words.Short(time) : Words.Clock(time), Tone.Plain), (resource, Tone.Plain), (Bar(trial), Tone.Busy)];
    }

    private string Idle(int slot) => moment.State.Slots.PhaseOf(slot) switch
    {
        SlotPhase.Lost => "lost",
        SlotPhase.Parked => IdleCauses.OfParked(moment.State).Name(),
        _ => "idle",
    };

    /// <summary>How far the attempt is, from where it started.</summary>
    private string Bar(TrialState trial)
    {
        var part = trial.Target > trial.Start ? Math.Clamp((trial.Resource - trial.Start) / (trial.Target - trial.Start), 0, 1) : 1;
        var cells = (int)(part * BarWidth);
        return new string(look.Bars.Promoted, cells) + new string(look.Bars.Running, BarWidth - cells);
    }
}
