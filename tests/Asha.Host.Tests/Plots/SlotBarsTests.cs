using Asha.Core.Experiments;
using Asha.Core.Utilization;
using Asha.Host.Plots;
using CsCheck;

namespace Asha.Host.Tests.Plots;

/// <summary>Merging must not lie: whatever is wide enough to be seen is drawn as it is, and the rest fills its place with what took most of it.</summary>
public class SlotBarsTests
{
    private const int Columns = 100;

    /// <summary>The spans of one slot from time 0: durations over four powers of ten, three kinds.</summary>
    private static readonly Gen<List<SlotSpan>> Spans = Gen.Select(Gen.Double[-2, 2], Gen.Int[0, 2]).Array[1, 400].Select(entries =>
    {
        var spans = new List<SlotSpan>();
        var at = TimeSpan.Zero;
        foreach (var ((power, kind), trial) in entries.Select((entry, index) => (entry, index)))
        {
            var to = at + TimeSpan.FromSeconds(Math.Pow(10, power));
            spans.Add(new SlotSpan(4, at, to, kind < 2 ? new JobStarted(at, trial, 0, kind, 1, 4, 0, 1) : null, kind < 2 ? null : IdleCause.RungBarrier));
            at = to;
        }
        return spans;
    });

    [Fact]
    public void Bars_cover_the_spans_without_gap_and_wide_spans_stay_as_they_are()
        => Spans.Sample(spans =>
        {
            var until = spans[^1].To.TotalSeconds;
            var bars = SlotBars.Of(spans, [4], until, Columns, 1);
            Assert.True(bars.Count <= Columns + 1, $"{bars.Count} bars");
            Assert.Equal((0, until), (bars[0].From, bars[^1].To));
            Assert.All(bars.Zip(bars.Skip(1)), pair => Assert.Equal(pair.First.To, pair.Second.From));
            var narrow = 1.5 * until / Columns;
            foreach (var wide in spans.Where(span => (span.To - span.From).TotalSeconds >= narrow))
            {
                var bar = Assert.Single(bars, bar => bar.From <= wide.From.TotalSeconds + narrow / 3 && bar.To >= wide.To.TotalSeconds);
                Assert.Equal((wide.Job?.Trial, BarKind.Of(wide)), (bar.Trial, bar.Kind));
                // Idle time goes on where the next span is idle by the same cause; a job ends where it ends.
                if (wide.Job is not null)
                    Assert.InRange(bar.To - wide.To.TotalSeconds, 0, narrow);
            }
        });

    [Fact]
    public void An_attempt_without_a_result_keeps_its_own_bar_also_beside_one_of_the_same_rung()
    {
        SlotSpan Span(double from, double to, int trial, bool withoutResult)
            => new(4, TimeSpan.FromSeconds(from), TimeSpan.FromSeconds(to), new JobStarted(TimeSpan.FromSeconds(from), trial, 0, 0, 1, 4, 0, 1), null, withoutResult);
        Assert.Equal(
            [new SlotBar(0, 0, 10, new BarKind(0, null), 1), new SlotBar(0, 10, 20, new BarKind(0, null, WithoutResult: true), 2)],
            SlotBars.Of([Span(0, 10, 1, false), Span(10, 20, 2, true)], [4], 20, Columns, 1));
        // Too narrow to be seen one by one: what most of the time went into.
        var many = Enumerable.Range(0, 1000).Select(index => Span(index * .02, (index + 1) * .02, index, withoutResult: index % 3 > 0));
        Assert.All(SlotBars.Of(many, [4], 20, Columns, 1), bar => Assert.Equal(new BarKind(0, null, WithoutResult: true), bar.Kind));
    }

    [Fact]
    public void Of_slots_that_share_a_row_it_shows_what_most_of_them_did()
    {
        // Two of three slots run rung 0 for the first half; then all are idle.
        var half = TimeSpan.FromSeconds(10);
        var spans = Enumerable.Range(0, 3).SelectMany(slot => new SlotSpan[]
        {
            new(slot, TimeSpan.Zero, half, new JobStarted(TimeSpan.Zero, slot, 0, slot < 2 ? 0 : 1, 1, slot, 0, 1), null),
            new(slot, half, 2 * half, null, IdleCause.NoWork),
        });
        Assert.Equal(
            [new SlotBar(0, 0, 10, new BarKind(0, null), null), new SlotBar(0, 10, 20, new BarKind(null, IdleCause.NoWork), null)],
            SlotBars.Of(spans, [0, 1, 2], 20, Columns, 1));
    }

    [Fact]
    public void The_largest_idle_block_is_the_one_that_counting_finds()
        => Gen.Bool.Array[200].Array[1, 6].Sample(rows =>
        {
            const double until = 50;
            var bars = rows.Index().SelectMany(row => row.Item.Index().Where(cell => cell.Item)
                .Select(cell => new SlotBar(row.Index, cell.Index * until / 200, (cell.Index + 1) * until / 200, new BarKind(null, IdleCause.RungBarrier), null))).ToList();
            var found = IdleBlock.Largest(bars, IdleCause.RungBarrier, rows.Length, until);
            var largest = 0;
            for (var first = 0; first < rows.Length; first++)
            {
                for (var last = first; last < rows.Length; last++)
                {
                    var (run, longest) = (0, 0);
                    for (var column = 0; column < 200; column++)
                        longest = Math.Max(longest, run = Enumerable.Range(first, last - first + 1).All(row => rows[row][column]) ? run + 1 : 0);
                    largest = Math.Max(largest, longest * (last - first + 1));
                }
            }
            Assert.Equal(largest, found is null ? 0 : (int)Math.Round((found.To - found.From) / until * 200) * (found.LastRow - found.FirstRow + 1));
        }, iter: 200);
}
