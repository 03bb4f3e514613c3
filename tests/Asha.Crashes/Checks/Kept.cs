using System.Globalization;
using System.Text.RegularExpressions;

namespace Asha.Crashes.Checks;

/// <summary>Nothing that was acknowledged is lost: what the journal had, and what an engine had told its user, is there afterwards, word by word.</summary>
internal static partial class Kept
{
    public static IEnumerable<string> Check(Testimony run)
    {
        byte[] all = [.. run.Entries.SelectMany(entry => entry.Lines)];
        if (!run.Entries.Select(entry => entry.Number).SequenceEqual(Enumerable.Range(1, run.Entries.Count).Select(number => (long)number)))
            yield return "lost: the journal's entries are not numbered 1, 2, 3, …";
        if (!run.Events.AsSpan().SequenceEqual(all))
            yield return $"lost: events.jsonl ({run.Events.Length} bytes) does not say what the journal does ({all.Length} bytes)";
        foreach (var (kill, sight, said) in run.Kills)
        {
            var where = $"round {kill.Round} engine {kill.Engine}";
            byte[] then = [.. sight.Entries.SelectMany(entry => entry.Lines)];
            if (!all.AsSpan().StartsWith(then) || sight.Entries.Where((entry, index) => index >= run.Entries.Count || run.Entries[index].Number != entry.Number).Any())
                yield return $"lost: of what the journal had when {where} was killed ({sight.Entries.Count} entries) not all is there";
            var whole = sight.Events.AsSpan(0, sight.Events.AsSpan().LastIndexOf((byte)'\n') + 1);
            if (!then.AsSpan().StartsWith(whole))
                yield return $"lost: events.jsonl said, when {where} was killed, what the journal did not have";
            foreach (var word in Unwritten(said, Happened.Read(sight.Entries)))
                yield return $"lost: {where} had told its user '{word}', and the journal did not have it when it was killed";
        }
    }

    private static IEnumerable<string> Unwritten(string said, IReadOnlyList<Happened> events)
    {
        var results = events.Where(happened => happened.Kind == "job-completed").Select(happened => (happened.Trial, happened.Resource)).ToHashSet();
        var promotions = events.Where(happened => happened.Kind == "trial-promoted").Select(happened => (happened.Trial, happened.Rung)).ToHashSet();
        foreach (Match word in Result().Matches(said))
        {
            if (!results.Contains((int.Parse(word.Groups[1].Value, CultureInfo.InvariantCulture), double.Parse(word.Groups[2].Value, CultureInfo.InvariantCulture))))
                yield return word.Value;
        }
        foreach (Match word in Promotion().Matches(said))
        {
            // Levels are 4, 12, 36, 108.
            var rung = (int)Math.Round(Math.Log(double.Parse(word.Groups[2].Value, CultureInfo.InvariantCulture) / 4, 3)) - 1;
            if (!promotions.Contains((int.Parse(word.Groups[1].Value, CultureInfo.InvariantCulture), rung)))
                yield return word.Value;
        }
    }

    [GeneratedRegex(@"trial (\d+) at (\d+) step: loss")]
    private static partial Regex Result();

    [GeneratedRegex(@"trial (\d+) promoted to (\d+) step")]
    private static partial Regex Promotion();
}
