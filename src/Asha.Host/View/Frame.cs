namespace Asha.Host.View;

/// <summary>
/// One picture of a run for a screen of any size, from what is most important to what is least: where there is less room, the last of it goes first. Pure: no terminal, no clock.
/// </summary>
internal static class Frame
{
    private const int MostFailures = 5;

    /// <summary>The rows from top to bottom; never more, and none wider, than the screen has.</summary>
    public static IReadOnlyList<Line> Draw(Moment moment, Look look)
    {
        var room = new Room(look.Height);
        var state = moment.State;
        var failed = FailuresSection.IsNeeded(state);
        var title = room.Take(1);
        var notice = room.Take(moment.Notice is null ? 0 : 1);
        var best = room.Take(1);
        var ladder = room.Take(Math.Min(1 + state.Rungs.Count, Math.Max(2, (look.Height - 2) / 2)));
        var summary = room.Take(1);
        var failures = room.Take(failed ? 1 : 0);
        var utilization = room.Take(1);
        var parameters = BestSection.Parameters(moment, look);
        var values = room.Take(Math.Min(parameters.Count, look.Height / 10 + 1));
        var lastFailure = room.Take(failed && look.Height >= 16 ? Math.Min(1, moment.News.Failures.Count()) : 0);
        var second = room.Take(look.Height >= 16 ? 1 : 0);
        var footer = room.Take(look.Height >= 20 && moment.Notice is null ? 1 : 0);
        var slots = room.Take(SlotsSection.Wanted(moment, look));
        var gaps = room.Take(failed ? 4 : 3);
        values += room.Take(parameters.Count - values);
        lastFailure += room.Take(Math.Min(MostFailures, moment.News.Failures.Count()) - lastFailure);
        var latest = room.Left >= 5 ? moment.News.Steps.Take(room.Left - 3).ToArray() : [];

        var rows = new List<Line>();
        if (title > 0)
            rows.Add(TitleSection.First(moment, look));
        if (second > 0)
            rows.Add(TitleSection.Second(moment, look));
        Gap();
        if (ladder > 1)
            rows.AddRange(LadderSection.Draw(moment, look, ladder));
        Gap();
        if (summary > 0)
            rows.Add(SlotsSection.Summary(moment));
        if (utilization > 0)
            rows.Add(SlotsSection.Utilization(moment));
        rows.AddRange(SlotsSection.Draw(moment, look, slots));
        Gap();
        if (best > 0)
            rows.Add(BestSection.Summary(moment, look));
        rows.AddRange(parameters.Take(values));
        if (failures > 0)
        {
            Gap();
            rows.Add(FailuresSection.Summary(state));
            rows.AddRange(moment.News.Failures.Take(lastFailure).Select(note => FailuresSection.Row(moment, note)));
        }
        if (latest.Length > 0)
        {
            rows.Add(Line.Empty);
            rows.Add(Line.Empty.Add("latest", Tone.Strong));
            rows.AddRange(latest.Select(step => LatestSection.Row(state, step)));
        }
        while (rows.Count < look.Height - footer - notice)
            rows.Add(Line.Empty);
        if (footer > 0)
            rows.Add(Line.Empty.Add($"{(state.Stopping is null ? "Ctrl-C ends the run with what was found" : "what trials report while they end counts; Ctrl-C would leave without it")}   {moment.Folder}", Tone.Faint));
        if (notice > 0)
            rows.Add(Line.Empty.Add(moment.Notice!, Tone.Strong));
        return [.. rows.Take(look.Height).Select(row => row.Fit(look.Width, look.Ellipsis))];

        void Gap()
        {
            if (gaps-- > 0)
                rows.Add(Line.Empty);
        }
    }

    /// <summary>The rows that are still to be given away.</summary>
    private sealed class Room(int rows)
    {
        public int Left { get; private set; } = rows;

        public int Take(int wanted)
        {
            var taken = Math.Clamp(wanted, 0, Left);
            Left -= taken;
            return taken;
        }
    }
}
