using Akka.Actor;
using Asha.Core.Scheduling;

namespace Asha.Actors.Messages;

/// <summary>Experiment to rung: rank this result. A rung lives in the process of its experiment.</summary>
/// <param name="Metric">Turned so that smaller is better; NaN ranks last.</param>
/// <param name="Population">How many results the rung can have in the end.</param>
public sealed record RankResult(int Trial, double Metric, int? Population) : INoSerializationVerificationNeeded;

/// <summary>Experiment to rung, which must be new: these are your results, in any order, and whom you have promoted. Answered as any question.</summary>
public sealed record RestoreRung(IReadOnlyList<(int Trial, double Metric, bool Promoted)> Results, int? Population) : INoSerializationVerificationNeeded;

/// <summary>Experiment to rung: promote your head.</summary>
public sealed record PromoteHead(int? Population) : INoSerializationVerificationNeeded;

/// <summary>Rung to experiment: how it stands after the question just handled.</summary>
/// <param name="Bracket">Which bracket's.</param>
/// <param name="Rung">Which rung.</param>
/// <param name="Promoted">Whom it just promoted, if that was the question.</param>
/// <param name="Head">Whom it would promote now.</param>
/// <param name="Released">Trials that it can never promote any more.</param>
public sealed record RungStanding(int Bracket, int Rung, RungHead? Promoted, RungHead? Head, IReadOnlyList<int> Released) : INoSerializationVerificationNeeded;
