namespace Asha.Tuning;

/// <summary>One trial, as it stood at the end.</summary>
public sealed record TrialResult
{
    /// <summary>Its number, from 0, in the order sampled.</summary>
    public required int Number { get; init; }

    /// <summary>Where it stood.</summary>
    public required TrialStatus Status { get; init; }

    /// <summary>The values of its active parameters.</summary>
    public required ParameterValues Parameters { get; init; }

    /// <summary>What its attempts were told as <see cref="Trial.Seed"/>.</summary>
    public required long Seed { get; init; }

    /// <summary>Its results by rung, the lowest first.</summary>
    public required IReadOnlyList<Measurement> Results { get; init; }

    /// <summary>How often it was started.</summary>
    public required int Attempts { get; init; }

    /// <summary>Reports that did not count.</summary>
    public required int RejectedReports { get; init; }

    /// <summary>Full path of the checkpoint that its last finite result can be repeated from. At the end of a run that was not interrupted only the best trial's is kept; <c>null</c>: there is none.</summary>
    public required string? Checkpoint { get; init; }

    /// <summary>The finite result of the highest rung that it has one in, by which it is compared; <c>null</c>: it has none.</summary>
    public Measurement? Best
    {
        get
        {
            for (var rung = Results.Count - 1; rung >= 0; rung--)
            {
                if (double.IsFinite(Results[rung].Metric))
                    return Results[rung];
            }
            return null;
        }
    }
}
