using Asha.Core.Experiments;

namespace Asha.Cluster.Api;

/// <summary>How the API reads experiments and writes what became of them. The readers and summaries are the command's (Asha.Host), which rests on this project: it hands them over.</summary>
/// <param name="Read">Reads an experiment that was submitted.</param>
/// <param name="NewRecord">A record that keeps what a summary tells.</param>
/// <param name="Summary">A run's summary, one JSON object: that of <c>asha show --json</c>.</param>
internal sealed record ApiFormats(Func<SubmittedText, SubmittedReading> Read, Func<RunRecord> NewRecord, Func<RunRecord, string> Summary);

/// <summary>An experiment as it was sent.</summary>
/// <param name="Text">YAML, or JSON, which is YAML.</param>
/// <param name="File">How problems name it.</param>
/// <param name="Overrides">Values that take the place of the text's, each as <c>path=value</c>.</param>
internal sealed record SubmittedText(string Text, string File, IReadOnlyList<string> Overrides);

/// <summary>What came of reading it.</summary>
/// <param name="Spec"><c>null</c> where there are problems.</param>
/// <param name="Problems">All of them, in the order of the text.</param>
/// <param name="Warnings">What is allowed but probably not meant.</param>
internal sealed record SubmittedReading(ExperimentSpec? Spec, IReadOnlyList<ProblemAt> Problems, IReadOnlyList<string> Warnings);
