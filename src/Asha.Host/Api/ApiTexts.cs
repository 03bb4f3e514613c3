using Asha.Cluster.Api;
using Asha.Core.Experiments;
using Asha.Host.ExperimentFiles;
using Asha.Host.Runs;

namespace Asha.Host.Api;

/// <summary>What a coordinator's API reads and writes by: the readers and summaries of the command.</summary>
internal static class ApiTexts
{
    public static ApiFormats Formats { get; } = new(Read, NewRecord, record => RunSummary.Of(record).ToJson());

    /// <summary>What summaries tell, and what is measured of the run beside that.</summary>
    private static RunRecord NewRecord() => new() { Curves = new(), Standings = new(), Outcomes = new() };

    private static SubmittedReading Read(SubmittedText given)
    {
        var (spec, problems, warnings) = SubmissionReader.Read(given.Text, given.File, [.. given.Overrides.Select(text => text.Split('=', 2)).Select(parts => new Override(parts[0], parts.ElementAtOrDefault(1) ?? ""))]);
        return new SubmittedReading(spec, [.. problems.Select(problem => new ProblemAt(problem.File, problem.Line, problem.Column, problem.Path, problem.Message, problem.ToString()))], warnings);
    }
}
