using Streams.Measuring.Timing;

namespace Streams.Verify.Results;

/// <summary>What came of measuring one criterion.</summary>
internal sealed record Outcome
{
    /// <summary>Whether the target was met.</summary>
    public required bool Passed { get; init; }

    /// <summary>What was measured, in a few words.</summary>
    public required string Measured { get; init; }

    /// <summary>The times behind it; null where it is no time.</summary>
    public Samples? Samples { get; init; }

    /// <summary>How it was measured, what failed and what was left out, one thing each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The outcome of a criterion that is a time.</summary>
    public static Outcome OfTimes(string id, Samples samples, params string[] notes) => new()
    {
        Passed = samples.P95 < Criterion.Of(id).Limit!.Value.TotalMilliseconds,
        Measured = samples.ToString(),
        Samples = samples,
        Notes = notes,
    };

    /// <summary>The outcome where nothing could be measured: a failure.</summary>
    public static Outcome Unmeasured(string why) => new() { Passed = false, Measured = "not measured", Notes = [why] };
}
