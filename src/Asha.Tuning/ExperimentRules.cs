using Asha.Core.Experiments;
using Asha.Core.Scheduling;

namespace Asha.Tuning;

/// <summary>What an experiment may say, and what holds where it says nothing: the same in a file and in a program (docs/experiment-file.md).</summary>
internal static class ExperimentRules
{
    /// <summary>The longest name of an experiment, a parameter, a metric and the like.</summary>
    public const int LongestName = 64;

    public const int DefaultReductionFactor = 4;
    public const int LargestReductionFactor = 1000;
    public const int MostTrials = 10_000_000;
    public const int MostAttempts = 1000;
    public const int MostSlots = 100_000;
    public const int MostParameters = 1000;
    public const int MostInitial = 1000;

    /// <summary>More than anyone writes by hand; longer lists make every look-up in them slow.</summary>
    public const int MostValues = 1000;

    public const int LongestText = 4096;

    /// <summary>Beyond, the difference of two bounds might not be finite.</summary>
    public const double LargestBound = 1e300;

    /// <summary>Every whole number up to here has a double of its own.</summary>
    public const long LargestWhole = 1L << 53;

    /// <summary>Below, the levels of the rungs could no longer be computed without rounding.</summary>
    public const double SmallestResource = 1e-9;

    public const double LargestResource = 1e15;

    /// <summary>The most resource that a stop rule can wait for.</summary>
    public const double MostResourceInAll = 1e18;

    /// <summary>With η = 4, five rungs: as many as the authors of ASHA advise at most.</summary>
    private const double DefaultRange = 256;

    public const double LargestBackOffFactor = 1000;

    /// <summary>Bytes; no disk has more.</summary>
    public const long LargestSize = 1_000_000_000_000_000_000;

    /// <summary>
    /// Bytes, 10 GB: it fits every disk that anybody trains on, and whom a rung promotes next is the best of those that wait in it, so that few of each rung are ever asked for (docs/decisions/018-checkpoints.md).
    /// </summary>
    private const long UsualCheckpointBudget = 10_000_000_000;

    public static TimeSpan LongestDuration { get; } = TimeSpan.FromDays(3650);

    /// <summary>Long enough for a file server that hiccups, and so short that nobody waits for it.</summary>
    public static BackOffSpec DefaultBackOff { get; } = new(TimeSpan.FromSeconds(1), Factor: 2, TimeSpan.FromMinutes(1), Jitter: 0.1);

    /// <summary>A back-off with the defaults where nothing is said; a first wait beyond the default bound is its own bound.</summary>
    public static BackOffSpec BackOff(TimeSpan first, double? factor, TimeSpan? most, double? jitter)
        => new(first, factor ?? DefaultBackOff.Factor, most ?? (first > DefaultBackOff.Most ? first : DefaultBackOff.Most), jitter ?? DefaultBackOff.Jitter);

    /// <summary>Whether it can name an experiment, and so a folder.</summary>
    public static bool IsName(string text) => text.Length is > 0 and <= LongestName && text[0] != '.'
        && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.');

    /// <summary>Whether it can name a parameter.</summary>
    public static bool IsParameterName(string text) => text.Length is > 0 and <= LongestName && (char.IsAsciiLetter(text[0]) || text[0] == '_')
        && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');

    /// <summary>What every trial gets, where only the most that one may get is known.</summary>
    public static double DefaultLeast(double most, bool integral) => integral
        ? Math.Max(1, Math.Round(most / DefaultRange, MidpointRounding.AwayFromZero))
        : Math.Max(SmallestResource, most / DefaultRange);

    /// <summary>Whether the levels are rounded, where nothing is said of it. What is not known is not in the way.</summary>
    public static bool IsWhole(double? number) => number is not { } known || Math.Floor(known) == known;

    /// <summary>Whether nothing would end it: neither a number of trials nor a rule. A single bracket of SHA always ends.</summary>
    public static bool IsEndless(SchedulerSpec scheduler, StopSpec stop)
        => scheduler.Total is null && !stop.EndsGoodRuns && (scheduler.Type != SchedulerType.Sha || scheduler.Repeat != BracketRepeat.None);

    /// <summary>
    /// What checkpoints of trials that do not run may take where nothing is said of it: with a limit of trials whatever may still be promoted needs, for a rung knows when that is over; without one it never is. <c>null</c>: any number of bytes.
    /// </summary>
    public static long? CheckpointBudget(SchedulerSpec scheduler, StopSpec stop)
        => scheduler.Total is null && stop.Trials is null && scheduler.Type != SchedulerType.Stopping ? UsualCheckpointBudget : null;

    /// <summary>η^K: as many trials as a bracket needs to have one left in its top rung; <c>null</c> where they are too many.</summary>
    public static int? FullBracket(ResourceSpec resource, int reductionFactor)
    {
        var trials = 1L;
        for (var halvings = RungLadder.Halvings(resource, reductionFactor); halvings > 0; halvings--)
        {
            trials *= reductionFactor;
            if (trials > MostTrials)
                return null;
        }
        return (int)trials;
    }
}
