namespace Streams.Verify.Results;

/// <summary>Result of one criterion.</summary>
internal sealed record Outcome
{
    /// <summary>Whether the target was met.</summary>
    public required bool Passed { get; init; }

    /// <summary>The measured value, in a few words.</summary>
    public required string Measured { get; init; }

    /// <summary>The samples, for a criterion that is a time.</summary>
    public Samples? Samples { get; init; }

    /// <summary>Notes on the method, on failures and on what was skipped.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Result of a criterion that is a time.</summary>
    public static Outcome OfTimes(string id, Samples samples, params string[] notes) => new()
    {
        Passed = samples.P95 < Criterion.Of(id).Limit!.Value.TotalMilliseconds,
        Measured = samples.ToString(),
        Samples = samples,
        Notes = notes,
    };

    /// <summary>Failure of a criterion that could not be measured.</summary>
    public static Outcome Unmeasured(string why) => new() { Passed = false, Measured = "not measured", Notes = [why] };
}
